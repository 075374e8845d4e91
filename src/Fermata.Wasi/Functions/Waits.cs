using System.Diagnostics.CodeAnalysis;
using Fermata.Platform;

namespace Fermata.Wasi.Functions;

/// <summary>Waits that a call begins together, some of which end it.</summary>
internal static class Waits
{
    /// <summary>How many things a call may wait for.</summary>
    public const int Most = 10_000;

    /// <summary>So many waits begin, or end, within a millisecond.</summary>
    private const int Few = 256;

    /// <summary>Waits until a file descriptor can be read or written without waiting.</summary>
    public static Task<Result<Readiness>> ForAsync(Caller caller, int fd, Rights rights, bool isRead, CancellationToken cancellationToken) =>
        HostCall.UseAsync(
            caller, fd, rights, isRead, static (descriptor, isRead, token) => isRead ? descriptor.WaitReadableAsync(token) : descriptor.WaitWritableAsync(token),
            cancellationToken, isRepeatable: true).AsTask();

    /// <summary>Waits until the other end of a file descriptor is gone.</summary>
    public static Task<Result<Readiness>> ForHangUpAsync(Caller caller, int fd, CancellationToken cancellationToken) =>
        HostCall.UseAsync(caller, fd, Rights.None, 0, static (descriptor, _, token) => descriptor.WaitHungUpAsync(token), cancellationToken, isRepeatable: true).AsTask();

    /// <summary>Begins waits, and looks at them whenever one of them is over or an alarm is due, until there is something to tell.</summary>
    /// <typeparam name="T">The type of what is told.</typeparam>
    /// <param name="caller">Whoever calls.</param>
    /// <param name="count">How many waits there are at most.</param>
    /// <param name="begin">Begins the wait of a number, and none where it gives null. The wait ends with its token.</param>
    /// <param name="alarms">The alarms.</param>
    /// <param name="collect">Makes what is told of the waits and the alarms; null if there is nothing to tell. There is if a wait is over or an alarm is due.</param>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "A source of cancellation without a timer holds nothing as long as nobody asks for its wait handle.")]
    public static async ValueTask<T> ForAnyAsync<T>(
        Caller caller, int count, Func<int, CancellationToken, Task<Result<Readiness>>?> begin, IReadOnlyCollection<Alarm> alarms,
        Func<Task<Result<Readiness>>?[], T?> collect, CancellationToken cancellationToken)
        where T : class
    {
        var context = WasiContext.Of(caller);
        var waits = new Task<Result<Readiness>>?[count];

        // Waits that are no longer needed end with this. Not with the call's token itself: whoever cancels that would end all of them before the call.
        var rest = new CancellationTokenSource();
        using var registration = cancellationToken.UnsafeRegister(static rest => _ = ((CancellationTokenSource)rest!).CancelAsync(), rest);
        try
        {
            for (var i = 0; i < count; i++)
            {
                if (i % Few == Few - 1)
                    caller.ThrowIfEnding();
                waits[i] = begin(i, rest.Token);
            }

            while (true)
            {
                if (collect(waits) is { } told)
                    return told;
                await ForAnyAsync(context, alarms, waits, rest.Token).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            if (count > Few)
                _ = rest.CancelAsync();
            else
                rest.Cancel();
        }
    }

    private static async Task ForAnyAsync(WasiContext context, IReadOnlyCollection<Alarm> alarms, Task<Result<Readiness>>?[] waits, CancellationToken cancellationToken)
    {
        var tasks = waits.OfType<Task>().ToList();

        // A timer may be early by less than its unit, so that the caller looks at the clock again.
        if (alarms.Count > 0)
            tasks.Add(Task.Delay(alarms.Min(alarm => alarm.Remaining(context)), context.Clock, cancellationToken));
        else if (tasks.Count == 0)
            tasks.Add(Task.Delay(Timeout.Infinite, cancellationToken));
        await Task.WhenAny(tasks).ConfigureAwait(false);
    }
}
