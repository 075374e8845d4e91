using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Fermata.Platform;

namespace Fermata.Wasi.Functions;

/// <summary><c>poll_oneoff</c>: waits for any of several things.</summary>
internal static class PollFunctions
{
    /// <summary>How many things a call may wait for.</summary>
    private const int MostSubscriptions = 10_000;

    /// <summary>So many waits begin, or end, within a millisecond.</summary>
    private const int FewWaits = 256;

    public static ValueTask<Result<Event[]>> PollOneoff(Caller caller, int subscriptions, int events, int count, int result, CancellationToken cancellationToken) =>
        PollAsync(caller, subscriptions, count, Subscription.Size, cancellationToken);

    public static ValueTask<Result<Event[]>> UnstablePollOneoff(Caller caller, int subscriptions, int events, int count, int result, CancellationToken cancellationToken) =>
        PollAsync(caller, subscriptions, count, Subscription.UnstableSize, cancellationToken);

    public static int Complete(Caller caller, Result<Event[]> happened, int subscriptions, int events, int count, int result)
    {
        if (!happened.TryGet(out var found))
            return (int)happened.Error;
        MemoryMarshal.AsBytes(found.AsSpan()).CopyTo(caller.GetSpan(events, found.Length * Event.Size));
        caller.Write(result, found.Length);
        return (int)Errno.None;
    }

    private static ValueTask<Result<Event[]>> PollAsync(Caller caller, int subscriptions, int count, int size, CancellationToken cancellationToken)
    {
        if (count == 0 || (uint)count > MostSubscriptions)
            return new(Errno.EINVAL);
        var bytes = caller.GetSpan(subscriptions, count * size);
        var context = WasiContext.Of(caller);
        if (count == 1 && Subscription.Read(bytes) is { Type: EventType.Clock } clock)
            return SleepAsync(context, clock, cancellationToken);
        var read = new Subscription[count];
        for (var i = 0; i < count; i++)
            read[i] = Subscription.Read(bytes.Slice(i * size, size));
        return WaitAsync(caller, context, read, cancellationToken);
    }

    /// <summary>Waits for one clock and nothing else, as <c>nanosleep</c> does.</summary>
    private static async ValueTask<Result<Event[]>> SleepAsync(WasiContext context, Subscription subscription, CancellationToken cancellationToken)
    {
        var set = Alarm.Of(context, subscription);
        if (set.TryGet(out var alarm))
        {
            // A timer may be early by less than its unit.
            for (var rest = alarm.Remaining(context); rest > TimeSpan.Zero; rest = alarm.Remaining(context))
                await Task.Delay(rest, context.Clock, cancellationToken).ConfigureAwait(false);
        }

        return new[] { Event.Of(subscription, set.Error) };
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "A source of cancellation without a timer holds nothing as long as nobody asks for its wait handle.")]
    private static async ValueTask<Result<Event[]>> WaitAsync(Caller caller, WasiContext context, Subscription[] subscriptions, CancellationToken cancellationToken)
    {
        var alarms = Array.ConvertAll(subscriptions, subscription => subscription.Type == EventType.Clock ? Alarm.Of(context, subscription) : Errno.EINVAL);
        var waits = new Task<Result<Readiness>>?[subscriptions.Length];

        // Waits that are no longer needed end with this. Not with the call's token itself: whoever cancels that would end all of them before the call.
        var rest = new CancellationTokenSource();
        using var registration = cancellationToken.UnsafeRegister(static rest => _ = ((CancellationTokenSource)rest!).CancelAsync(), rest);
        try
        {
            for (var i = 0; i < waits.Length; i++)
            {
                if (i % FewWaits == FewWaits - 1)
                    caller.ThrowIfEnding();
                if (subscriptions[i].Type != EventType.Clock)
                    waits[i] = WaitAsync(caller, subscriptions[i], rest.Token).AsTask();
            }

            while (true)
            {
                var events = Collect(context, subscriptions, alarms, waits);
                if (events.Length > 0)
                    return events;
                await WaitForAnyAsync(context, alarms, waits, rest.Token).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            if (waits.Length > FewWaits)
                _ = rest.CancelAsync();
            else
                rest.Cancel();
        }
    }

    /// <summary>The events of all that is ready. What is wrong with a subscription is an event of its own, so that the others are served.</summary>
    private static Event[] Collect(WasiContext context, Subscription[] subscriptions, Result<Alarm>[] alarms, Task<Result<Readiness>>?[] waits)
    {
        var events = new List<Event>();
        for (var i = 0; i < subscriptions.Length; i++)
        {
            if (waits[i] is { } wait)
            {
                if (wait.IsCompleted)
                    events.Add(ToEvent(subscriptions[i], wait.GetAwaiter().GetResult()));
            }
            else if (!alarms[i].TryGet(out var alarm) || alarm.Remaining(context) == TimeSpan.Zero)
            {
                events.Add(Event.Of(subscriptions[i], alarms[i].Error));
            }
        }

        return [.. events];
    }

    private static Event ToEvent(in Subscription subscription, Result<Readiness> ready) =>
        ready.TryGet(out var readiness) ? Event.Of(subscription, Errno.None, readiness.Bytes, readiness.IsHungUp) : Event.Of(subscription, ready.Error);

    private static ValueTask<Result<Readiness>> WaitAsync(Caller caller, Subscription subscription, CancellationToken cancellationToken)
    {
        if (subscription.Type is not (EventType.FdRead or EventType.FdWrite))
            return new(Errno.EINVAL);
        var isRead = subscription.Type == EventType.FdRead;
        return HostCall.UseAsync(
            caller, subscription.Descriptor, Rights.PollFdReadwrite | (isRead ? Rights.FdRead : Rights.FdWrite), isRead,
            static (descriptor, isRead, token) => isRead ? descriptor.WaitReadableAsync(token) : descriptor.WaitWritableAsync(token),
            cancellationToken);
    }

    private static async Task WaitForAnyAsync(WasiContext context, Result<Alarm>[] alarms, Task<Result<Readiness>>?[] waits, CancellationToken cancellationToken)
    {
        var tasks = waits.OfType<Task>().ToList();
        if (alarms.Any(alarm => alarm.Error == Errno.None))
        {
            // A timer may be early by less than its unit, so that the caller looks at the clock again.
            var soonest = alarms.Where(alarm => alarm.Error == Errno.None).Min(alarm => alarm.Value.Remaining(context));
            tasks.Add(Task.Delay(soonest, context.Clock, cancellationToken));
        }

        await Task.WhenAny(tasks).ConfigureAwait(false);
    }
}
