using System.Runtime.InteropServices;

namespace Fermata.Fuzz.Wasi.Deadlines;

/// <summary>The processor time of one thread, for any thread to read. Of Linux.</summary>
internal sealed partial class ThreadClock
{
    /// <summary>CPUCLOCK_PERTHREAD_MASK and CPUCLOCK_SCHED (include/linux/posix-timers.h).</summary>
    private const int OfThread = 4 | 2;

    private readonly int _id = (~GetThreadId() << 3) | OfThread;

    private TimeSpan? _atEnd;

    /// <summary>How much the thread that made this has used.</summary>
    public TimeSpan Used => _atEnd ?? Read();

    /// <summary>Called by the thread before it ends, as its clock ends with it.</summary>
    public void Stop() => _atEnd = Read();

    private TimeSpan Read()
    {
        _ = GetTime(_id, out var time);
        return new TimeSpan(time.Seconds * TimeSpan.TicksPerSecond + time.Nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
