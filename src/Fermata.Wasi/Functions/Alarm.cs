using Fermata.Platform;

namespace Fermata.Wasi.Functions;

/// <summary>A time of a clock that is waited for.</summary>
/// <param name="Clock">The clock.</param>
/// <param name="Time">The time in nanoseconds; wider than those of clocks, so that none is too late.</param>
internal readonly record struct Alarm(int Clock, Int128 Time)
{
    private const int Monotonic = 1;

    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>The longest delay of .NET, in milliseconds; a longer one begins anew.</summary>
    private const long LongestDelay = int.MaxValue - 1;

    /// <summary>The alarm of a subscription. A time from a start is one of the monotonic clock, whatever clock it names: that a clock is set does not change how long it is.</summary>
    /// <param name="context">The program's.</param>
    /// <param name="subscription">The subscription.</param>
    /// <param name="start">The time of the monotonic clock from which is counted.</param>
    /// <returns><see cref="Errno.EINVAL"/> if there is no such clock.</returns>
    public static Result<Alarm> Of(WasiContext context, in Subscription subscription, long start)
    {
        if (ClockFunctions.Now(context, subscription.Clock).Error is var error && error != Errno.None)
            return error;
        return subscription.IsAbsolute ? new Alarm(subscription.Clock, subscription.Timeout) : new Alarm(Monotonic, (Int128)start + subscription.Timeout);
    }

    /// <summary>The alarm for a time from now, in nanoseconds.</summary>
    public static Alarm After(WasiContext context, ulong nanoseconds) => new(Monotonic, (Int128)ClockFunctions.Monotonic(context) + nanoseconds);

    /// <summary>How long it is until then.</summary>
    /// <returns>The time in whole milliseconds, of which .NET's timers are, rounded up; zero if it is due. It may be only a part of a very long one.</returns>
    public TimeSpan Remaining(WasiContext context) => TimeSpan.FromMilliseconds(Math.Min(RemainingMilliseconds(context), LongestDelay));

    /// <summary>How many milliseconds it is until then, rounded up; 0 if it is due.</summary>
    public long RemainingMilliseconds(WasiContext context)
    {
        var nanoseconds = Time - ClockFunctions.Now(context, Clock).Value;
        return nanoseconds <= 0 ? 0 : (long)((nanoseconds + NanosecondsPerMillisecond - 1) / NanosecondsPerMillisecond);
    }
}
