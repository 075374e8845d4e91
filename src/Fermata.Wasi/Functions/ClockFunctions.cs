using Fermata.Platform;

namespace Fermata.Wasi.Functions;

/// <summary>Clocks.</summary>
internal static class ClockFunctions
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    public static int ClockResGet(Caller caller, int clock, int result) =>
        HostCall.Write(caller, ResolutionOf(WasiContext.Of(caller).Clock, clock), result);

    public static int ClockTimeGet(Caller caller, int clock, long precision, int result) => HostCall.Write(caller, Now(WasiContext.Of(caller), clock), result);

    /// <summary>The time of a clock in nanoseconds.</summary>
    /// <remarks>A program's clocks of processor time tell how long it has been running, also while it waits: what its calls take is not measured.</remarks>
    public static Result<long> Now(WasiContext context, int clock) => clock switch
    {
        0 => (context.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick,
        1 => Monotonic(context),
        2 or 3 => context.Elapsed.Ticks * TimeSpan.NanosecondsPerTick,
        _ => Errno.EINVAL,
    };

    /// <summary>The monotonic clock, which goes on where it was when a program is restored.</summary>
    public static long Monotonic(WasiContext context)
    {
        var frequency = context.Clock.TimestampFrequency;
        var (seconds, rest) = Math.DivRem(context.Clock.GetTimestamp(), frequency);
        return context.MonotonicOffset + (seconds * NanosecondsPerSecond) + (rest * NanosecondsPerSecond / frequency);
    }

    private static Result<long> ResolutionOf(TimeProvider clock, int id) => id switch
    {
        0 or 2 or 3 => TimeSpan.NanosecondsPerTick,
        1 => Math.Max(1, NanosecondsPerSecond / clock.TimestampFrequency),
        _ => Errno.EINVAL,
    };
}
