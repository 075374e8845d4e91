namespace Fermata.Bench;

/// <summary>One benchmark's result.</summary>
/// <param name="Benchmark">The benchmark.</param>
/// <param name="Fermata">Fermata's rounds.</param>
/// <param name="Other">The rounds of V8, or of Wasmtime; null if there is nothing to compare with.</param>
internal sealed record Row(BenchmarkEntry Benchmark, Series Fermata, Series? Other)
{
    /// <summary>The medians compared; below 1, Fermata needs less.</summary>
    public double? Ratio => Fermata.Median / Other?.Median;

    /// <summary>The same in processor time; null where memory is measured.</summary>
    public double? ProcessorRatio => Other?.Processor > 0 ? Fermata.Processor / Other.Processor : null;

    private Series? V8 => Benchmark.IsInV8 ? Other : null;

    private Series? Wasmtime => Benchmark.IsInV8 ? null : Other;

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
        wasmtime = Round(Wasmtime?.Median),
        wasmtimeProcessor = Round(Wasmtime?.Processor),
        wasmtimeEngine = Wasmtime?.Engine,
    };

    private static double? Round(double? value) => value is { } number ? Math.Round(number, 3) : null;
}
