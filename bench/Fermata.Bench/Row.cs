namespace Fermata.Bench;

/// <summary>One benchmark's result.</summary>
/// <param name="Benchmark">The benchmark.</param>
/// <param name="Fermata">Fermata's rounds.</param>
/// <param name="V8">V8's rounds; null if it is not measured there.</param>
/// <param name="Wasmtime">Wasmtime's rounds; null if it is not measured there.</param>
internal sealed record Row(BenchmarkEntry Benchmark, Series Fermata, Series? V8, Series? Wasmtime)
{
    /// <summary>The medians compared; below 1, Fermata needs less.</summary>
    /// <param name="other">The rounds of another engine.</param>
    public double? RatioTo(Series? other) => Fermata.Median / other?.Median;

    /// <summary>The same in processor time; null where memory is measured.</summary>
    /// <param name="other">The rounds of another engine.</param>
    public double? ProcessorRatioTo(Series? other) => other?.Processor > 0 ? Fermata.Processor / other.Processor : null;

    /// <summary>The row as it is written to a file.</summary>
    public object ToJson() => new
    {
        name = Benchmark.Name,
        unit = Benchmark.Unit,
        fermata = Round(Fermata.Median),
        v8 = Round(V8?.Median),
        wasmtime = Round(Wasmtime?.Median),
        ratio = Round(RatioTo(V8)),
        ratio_wasmtime = Round(RatioTo(Wasmtime)),
        fermataProcessor = Round(Fermata.Processor),
        v8Processor = Round(V8?.Processor),
        wasmtimeProcessor = Round(Wasmtime?.Processor),
        processorRatio = Round(ProcessorRatioTo(V8)),
        processorRatioWasmtime = Round(ProcessorRatioTo(Wasmtime)),
        fermataMinimum = Round(Fermata.Minimum),
        v8Minimum = Round(V8?.Minimum),
        wasmtimeMinimum = Round(Wasmtime?.Minimum),
        fermataSpread = Round(Fermata.Spread),
        v8Spread = Round(V8?.Spread),
        wasmtimeSpread = Round(Wasmtime?.Spread),
        copiedBytes = Round(Fermata.Copied),
        fermataEngine = Fermata.Engine,
        v8Engine = V8?.Engine,
        wasmtimeEngine = Wasmtime?.Engine,
    };

    private static double? Round(double? value) => value is { } number ? Math.Round(number, 3) : null;
}
