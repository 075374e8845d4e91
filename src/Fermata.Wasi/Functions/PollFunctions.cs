using System.Runtime.InteropServices;
using Fermata.Platform;

namespace Fermata.Wasi.Functions;

/// <summary><c>poll_oneoff</c>: waits for any of several things.</summary>
internal static class PollFunctions
{
    public static ValueTask<Result<Event[]>> PollOneoff(Caller caller, int subscriptions, int events, int count, int result, CancellationToken cancellationToken) =>
        PollAsync(caller, subscriptions, count, Subscription.Size, cancellationToken);

    public static ValueTask<Result<Event[]>> UnstablePollOneoff(Caller caller, int subscriptions, int events, int count, int result, CancellationToken cancellationToken) =>
        PollAsync(caller, subscriptions, count, Subscription.UnstableSize, cancellationToken);

    public static int Complete(Caller caller, Result<Event[]> happened, int subscriptions, int events, int count, int result)
    {
        var context = WasiContext.Of(caller);
        context.WaitStarts.End(caller);
        if (context.KeptSleeps is { } kept && caller.CanSuspend)
            kept.End(caller.CallKey);
        if (!happened.TryGet(out var found))
            return (int)happened.Error;
        MemoryMarshal.AsBytes(found.AsSpan()).CopyTo(caller.GetSpan(events, found.Length * Event.Size));
        caller.Write(result, found.Length);
        return (int)Errno.None;
    }

    private static ValueTask<Result<Event[]>> PollAsync(Caller caller, int subscriptions, int count, int size, CancellationToken cancellationToken)
    {
        if (count == 0 || (uint)count > Waits.Most)
            return new(Errno.EINVAL);
        var bytes = caller.GetSpan(subscriptions, count * size);
        var context = WasiContext.Of(caller);
        if (count == 1 && Subscription.Read(bytes) is { Type: EventType.Clock } clock)
            return SleepAsync(caller, context, clock, cancellationToken);
        var read = new Subscription[count];
        for (var i = 0; i < count; i++)
            read[i] = Subscription.Read(bytes.Slice(i * size, size));
        return WaitAsync(caller, context, read, cancellationToken);
    }

    /// <summary>Waits for one clock and nothing else, as <c>nanosleep</c> does.</summary>
    private static async ValueTask<Result<Event[]>> SleepAsync(Caller caller, WasiContext context, Subscription subscription, CancellationToken cancellationToken)
    {
        var (key, start) = context.WaitStarts.Begin(caller, ClockFunctions.Monotonic(context));
        var set = Alarm.Of(context, subscription, start);
        if (set.TryGet(out var alarm))
        {
            if (KeptSleep(context, key, alarm) is { } kept)
                await WaitAsync(context, kept, key, cancellationToken).ConfigureAwait(false);

            // A timer may be early by less than its unit.
            for (var rest = alarm.Remaining(context); rest > TimeSpan.Zero; rest = alarm.Remaining(context))
                await WaitAsync(context, Task.Delay(rest, context.Clock, cancellationToken), key, cancellationToken).ConfigureAwait(false);
        }

        return new[] { Event.Of(subscription, set.Error) };
    }

    /// <summary>The sleep until the first of some alarms, if somebody keeps it.</summary>
    private static Task? KeptSleep(WasiContext context, CallKey? key, params ReadOnlySpan<Alarm> alarms)
    {
        if (context.KeptSleeps is not { } kept || key is not { } call)
            return null;
        var rest = long.MaxValue;
        foreach (var alarm in alarms)
            rest = Math.Min(rest, alarm.RemainingMilliseconds(context));
        return kept.Begin(call, rest);
    }

    private static async Task WaitAsync(WasiContext context, Task time, CallKey? key, CancellationToken cancellationToken)
    {
        try
        {
            await time.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            context.WaitStarts.End(key);
            throw;
        }
    }

    private static async ValueTask<Result<Event[]>> WaitAsync(Caller caller, WasiContext context, Subscription[] subscriptions, CancellationToken cancellationToken)
    {
        var (key, start) = context.WaitStarts.Begin(caller, ClockFunctions.Monotonic(context));
        var alarms = Array.ConvertAll(subscriptions, subscription => subscription.Type == EventType.Clock ? Alarm.Of(context, subscription, start) : Errno.EINVAL);
        var times = alarms.Where(alarm => alarm.Error == Errno.None).Select(alarm => alarm.Value).ToArray();
        try
        {
            // Several clocks and nothing else: what else there is may be ready now.
            if (times.Length == subscriptions.Length && KeptSleep(context, key, times) is { } kept)
                await kept.WaitAsync(cancellationToken).ConfigureAwait(false);
            return await Waits.ForAnyAsync(
                caller, subscriptions.Length, (i, token) => Begin(caller, subscriptions[i], token), times,
                waits => Collect(context, subscriptions, alarms, waits) is { Length: > 0 } events ? events : null, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            context.WaitStarts.End(key);
            throw;
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

    private static Task<Result<Readiness>>? Begin(Caller caller, in Subscription subscription, CancellationToken cancellationToken) => subscription.Type switch
    {
        EventType.Clock => null,
        EventType.FdRead => Waits.ForAsync(caller, subscription.Descriptor, Rights.PollFdReadwrite | Rights.FdRead, isRead: true, cancellationToken),
        EventType.FdWrite => Waits.ForAsync(caller, subscription.Descriptor, Rights.PollFdReadwrite | Rights.FdWrite, isRead: false, cancellationToken),
        _ => Task.FromResult<Result<Readiness>>(Errno.EINVAL),
    };
}
