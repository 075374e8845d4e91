using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>
/// The import queues a callback and returns a task that the callback completes; the call is suspended, the loop runs the callback, and
/// that resumes it. This is the least that waiting can cost where the task is not complete at once; where it is, Fermata would not suspend at all.
/// </summary>
internal sealed class SuspendLoop : IBenchmark
{
    private const int Times = 1_000_000;

    private readonly EventLoop _loop;
    private readonly Func<int, Task<int>> _run;

    public SuspendLoop(IWaitImport import)
    {
        _loop = import.Loop;
        _run = Guest.Instantiate("suspend-loop", EngineOptions.Default, import.Wait).GetFunction<Func<int, Task<int>>>("run");
    }

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var sum = _loop.RunUntilComplete(_run(Times));
        var elapsed = Stopwatch.GetElapsedTime(start);
        Guest.Expect(sum, unchecked((int)((long)Times * (Times + 1) / 2)));
        return new Measurement(elapsed.TotalNanoseconds / Times);
    }
}
