using System.Runtime.InteropServices;
using Fermata.Platform;

namespace Fermata.Wasi.Functions;

/// <summary><c>poll_oneoff</c>: waits for any of several things.</summary>
internal static class PollFunctions
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>The longest wait of .NET, in milliseconds; a longer one begins anew.</summary>
    private const long LongestDelay = int.MaxValue - 1;

    /// <summary>How many things a call may wait for.</summary>
    private const int MostSubscriptions = 100_000;

    public static ValueTask<Result<Event[]>> PollOneoff(Caller caller, int subscriptions, int events, int count, int result, CancellationToken cancellationToken) =>
        PollAsync(caller, subscriptions, count, Subscription.Size, cancellationToken);

    public static ValueTask<Result<Event[]>> UnstablePollOneoff(Caller caller, int subscriptions, int events, int count, int result, CancellationToken cancellationToken) =>
        PollAsync(caller, subscriptions, count, Subscription.UnstableSize, cancellationToken);

    public static int Complete(Caller caller, Result<Event[]> happened, int subscriptions, int events, int count, int result)
    {
        if (!happened.TryGet(out var found))
            return (int)happened.Error;
        MemoryMarshal.AsBytes(found.AsSpan()).CopyTo(caller.Memory.GetSpan(events, found.Length * Event.Size));
        caller.Memory.Write(result, found.Length);
        return (int)Errno.None;
    }

    private static ValueTask<Result<Event[]>> PollAsync(Caller caller, int subscriptions, int count, int size, CancellationToken cancellationToken)
    {
        if (count == 0 || (uint)count > MostSubscriptions)
            return new(Errno.EINVAL);
        var bytes = caller.Memory.GetSpan(subscriptions, count * size);
        var read = new Subscription[count];
        for (var i = 0; i < count; i++)
            read[i] = Subscription.Read(bytes.Slice(i * size, size));
        return WaitAsync(WasiContext.Of(caller), read, cancellationToken);
    }

    private static async ValueTask<Result<Event[]>> WaitAsync(WasiContext context, Subscription[] subscriptions, CancellationToken cancellationToken)
    {
        var start = ClockFunctions.Now(context, 1).Value;
        var alarms = Array.ConvertAll(subscriptions, subscription => subscription.Type == EventType.Clock ? AlarmOf(context, subscription, start) : long.MaxValue);

        // Waits that are no longer needed end with this.
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = Array.ConvertAll(subscriptions, subscription => subscription.Type == EventType.Clock ? null : WaitAsync(context, subscription, rest.Token).AsTask());
        try
        {
            while (true)
            {
                var events = Collect(context, subscriptions, alarms, waits);
                if (events.Length > 0)
                    return events;
                await WaitForAnyAsync(context, alarms.Min(), waits, rest.Token).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            await rest.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>When a clock is due, in nanoseconds of the monotonic clock; a clock that there is not is due at once.</summary>
    private static long AlarmOf(WasiContext context, in Subscription subscription, long start)
    {
        if (!ClockFunctions.Now(context, subscription.Clock).TryGet(out var now))
            return start;
        var wait = subscription.IsAbsolute ? (Int128)subscription.Timeout - now : subscription.Timeout;
        return (long)Int128.Clamp(start + wait, start, long.MaxValue - 1);
    }

    private static Event[] Collect(WasiContext context, Subscription[] subscriptions, long[] alarms, Task<Readiness>?[] waits)
    {
        var now = ClockFunctions.Now(context, 1).Value;
        var events = new List<Event>();
        for (var i = 0; i < subscriptions.Length; i++)
        {
            if (waits[i] is { IsCompletedSuccessfully: true } wait)
                events.Add(Event.Of(subscriptions[i], wait.Result.Error, wait.Result.Bytes, wait.Result.IsHungUp));
            else if (waits[i] is { IsFaulted: true })
                events.Add(Event.Of(subscriptions[i], Errno.EIO));
            else if (alarms[i] <= now)
                events.Add(Event.Of(subscriptions[i], ClockFunctions.Now(context, subscriptions[i].Clock).Error));
        }

        return [.. events];
    }

    private static async ValueTask<Readiness> WaitAsync(WasiContext context, Subscription subscription, CancellationToken cancellationToken)
    {
        if (subscription.Type is not (EventType.FdRead or EventType.FdWrite))
            return new Readiness(Errno.EINVAL);
        var isRead = subscription.Type == EventType.FdRead;
        var error = context.Descriptors.Use(subscription.Descriptor, Rights.PollFdReadwrite | (isRead ? Rights.FdRead : Rights.FdWrite), out var descriptor);
        if (error != Errno.None)
            return new Readiness(error);
        try
        {
            var wait = isRead ? descriptor.WaitReadableAsync(cancellationToken) : descriptor.WaitWritableAsync(cancellationToken);
            return await wait.ConfigureAwait(false);
        }
        finally
        {
            await descriptor.ReleaseAsync().ConfigureAwait(false);
        }
    }

    private static async Task WaitForAnyAsync(WasiContext context, long alarm, Task<Readiness>?[] waits, CancellationToken cancellationToken)
    {
        var tasks = waits.OfType<Task>().ToList();
        if (alarm != long.MaxValue)
        {
            // A timer may be early by less than its unit, so that the caller looks at the clock again.
            var nanoseconds = Math.Max(0, alarm - ClockFunctions.Now(context, 1).Value);
            var milliseconds = Math.Clamp((nanoseconds + NanosecondsPerMillisecond - 1) / NanosecondsPerMillisecond, 1, LongestDelay);
            tasks.Add(Task.Delay(TimeSpan.FromMilliseconds(milliseconds), context.Clock, cancellationToken));
        }

        if (tasks.Count == 1)
            await tasks[0].ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else
            await Task.WhenAny(tasks).ConfigureAwait(false);
    }
}
