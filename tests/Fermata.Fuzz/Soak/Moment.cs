using System.Diagnostics;
using System.Runtime;

namespace Fermata.Fuzz.Soak;

/// <summary>A moment by several clocks, or the time between two.</summary>
/// <param name="Wall">The time of day.</param>
/// <param name="Processor">What all threads of the process used.</param>
/// <param name="Collecting">How long the collector of garbage has stopped them.</param>
/// <param name="Collections">How often it has.</param>
/// <param name="Compiling">What the JIT took.</param>
internal readonly record struct Moment(TimeSpan Wall, TimeSpan Processor, TimeSpan Collecting, int Collections, TimeSpan Compiling)
{
    public static Moment Now => new(
        Stopwatch.GetElapsedTime(0), ProcessorTime, GC.GetTotalPauseDuration(), GC.CollectionCount(0), JitInfo.GetCompilationTime(currentThread: false));

    /// <summary>Whose the processor time was, where that was asked for: it takes a while itself.</summary>
    public ThreadTimes? Threads { get; init; }

    /// <summary>What the engine itself used, as far as that can be told.</summary>
    public TimeSpan Used => Processor - Collecting - Compiling;

    private static TimeSpan ProcessorTime => Environment.CpuUsage.TotalTime;

    public static Moment operator -(Moment to, Moment from) =>
        new(to.Wall - from.Wall, to.Processor - from.Processor, to.Collecting - from.Collecting, to.Collections - from.Collections, to.Compiling - from.Compiling)
        {
            Threads = to.Threads is { } last && from.Threads is { } first ? last - first : null,
        };

    public override string ToString() => FormattableString.Invariant(
        $"{Processor.TotalMilliseconds:f1} ms of processor time ({Collecting.TotalMilliseconds:f1} in {Collections} collections, {Compiling.TotalMilliseconds:f1} compiling; by thread: {Threads}) in {Wall.TotalMilliseconds:f1} ms");
}
