using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>Exceptions that leave some activations before they are caught.</summary>
/// <param name="export">What the activations do.</param>
/// <param name="times">How many exceptions a round has.</param>
/// <param name="depth">How many activations each leaves, besides the one that throws it.</param>
internal sealed class Throwing(string export, int times, int depth) : IBenchmark
{
    private readonly Func<int, int, int> _function = Guest.Instantiate("throw", EngineOptions.Default).GetFunction<Func<int, int, int>>(export);

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var result = _function(times, depth);
        var elapsed = Stopwatch.GetElapsedTime(start);
        Guest.Expect(result, times);
        return new Measurement(elapsed.TotalNanoseconds / times / Math.Max(depth, 1));
    }
}
