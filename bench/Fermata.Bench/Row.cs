namespace Fermata.Bench;

/// <summary>One benchmark's result.</summary>
/// <param name="Benchmark">The benchmark.</param>
/// <param name="Fermata">Fermata's rounds.</param>
/// <param name="V8">V8's rounds; null if there is nothing to compare with.</param>
internal sealed record Row(BenchmarkEntry Benchmark, Series Fermata, Series? V8)
{
    /// <summary>The medians compared; below 1, Fermata needs less.</summary>
    public double? Ratio => Fermata.Median / V8?.Median;

    /// <summary>The same in processor time; null where memory is measured.</summary>
    public double? ProcessorRatio => V8?.Processor > 0 ? Fermata.Processor / V8.Processor : null;

    /// <summary>The row as it is written to a file.</summary>
    public object ToJson() => new
    {
        name = Benchmark.Name,
        unit = Benchmark.Unit,
        fermata = Round(Fermata.Median),
        v8 = Round(V8?.Median),
        ratio = Round(Ratio),
        fermataProcessor = Round(Fermata.Processor),
        v8Processor = Round(V8?.Processor),
        processorRatio = Round(ProcessorRatio),
        fermataMinimum = Round(Fermata.Minimum),
        v8Minimum = Round(V8?.Minimum),
        fermataSpread = Round(Fermata.Spread),
        v8Spread = Round(V8?.Spread),
        copiedBytes = Round(Fermata.Copied),
        fermataEngine = Fermata.Engine,
        v8Engine = V8?.Engine,
    };

    private static double? Round(double? value) => value is { } number ? Math.Round(number, 3) : null;
}
