using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Fermata.Bench;

/// <summary>The processor time of another process, to the nanosecond where the system tells it; else in the steps of <see cref="Process"/>, some 10 ms.</summary>
internal sealed partial class ProcessorClock
{
    private readonly Process _process;
    private readonly int? _clock;

    public ProcessorClock(Process process)
    {
        _process = process;
        if (OperatingSystem.IsLinux() && GetClock(process.Id, out var clock) == 0)
            _clock = clock;
    }

    /// <summary>What all its threads have used together since it started.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            if (_clock is { } clock && GetTime(clock, out var time) == 0)
                return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    private static partial int GetClock(int process, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
