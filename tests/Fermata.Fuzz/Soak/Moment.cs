using System.Diagnostics;
using System.Runtime;

namespace Fermata.Fuzz.Soak;

/// <summary>A moment by several clocks, or the time between two.</summary>
/// <param name="Wall">The time of day.</param>
/// <param name="Processor">What all threads of the process used.</param>
/// <param name="Collecting">How long the collector of garbage has stopped them.</param>
/// <param name="Compiling">What the JIT took.</param>
internal readonly record struct Moment(TimeSpan Wall, TimeSpan Processor, TimeSpan Collecting, TimeSpan Compiling)
{
    public static Moment Now => new(
        Stopwatch.GetElapsedTime(0), ProcessorTime, GC.GetTotalPauseDuration(), JitInfo.GetCompilationTime(currentThread: false));

    /// <summary>What the engine itself used, as far as that can be told.</summary>
    public TimeSpan Used => Processor - Collecting - Compiling;

    private static TimeSpan ProcessorTime => Environment.CpuUsage.TotalTime;

    public static Moment operator -(Moment to, Moment from) =>
        new(to.Wall - from.Wall, to.Processor - from.Processor, to.Collecting - from.Collecting, to.Compiling - from.Compiling);

    public override string ToString() => FormattableString.Invariant(
        $"{Processor.TotalMilliseconds:f1} ms of processor time ({Collecting.TotalMilliseconds:f1} collecting, {Compiling.TotalMilliseconds:f1} compiling) in {Wall.TotalMilliseconds:f1} ms");
}
