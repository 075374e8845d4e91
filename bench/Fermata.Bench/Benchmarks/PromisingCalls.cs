using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>
/// Whole calls as their caller sees them: a promising call, 30 activations deep, that waits once for a task that the loop completes,
/// and is awaited.
/// </summary>
internal sealed class PromisingCalls : IBenchmark
{
    private const int Calls = 200_000;
    private const int Depth = 30;

    private readonly ReusedTaskImport _import = new();
    private readonly Func<int, int, Task<int>> _down;

    public PromisingCalls() => _down = Guest.Instantiate("deep", EngineOptions.Default, _import.Wait).GetFunction<Func<int, int, Task<int>>>("down");

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var sum = _import.Loop.RunUntilComplete(CallAllAsync());
        var elapsed = Stopwatch.GetElapsedTime(start);
        Guest.Expect(sum, Calls * Depth);
        return new Measurement(elapsed.TotalNanoseconds / Calls);
    }

    private async Task<int> CallAllAsync()
    {
        var sum = 0;
        for (var i = 0; i < Calls; i++)
            sum += await _down(Depth, 1);
        return sum;
    }
}
