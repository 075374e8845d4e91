using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>The same under a promising call, in a module whose function could wait for a task, and never does.</summary>
internal sealed class FibSuspendable : IBenchmark
{
    private readonly Func<int, Task<int>> _fib =
        Guest.Instantiate("fib-suspendable", EngineOptions.Default, value => ValueTask.FromResult(value)).GetFunction<Func<int, Task<int>>>("fib");

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var result = _fib(36).Result;
        var elapsed = Stopwatch.GetElapsedTime(start);
        Guest.Expect(result, 14_930_352);
        return new Measurement(elapsed.TotalMilliseconds);
    }
}
