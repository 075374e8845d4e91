namespace Fermata.Bench;

/// <summary>Rows that are computed from others.</summary>
internal static class Derived
{
    /// <summary>The row of the geometric mean of all kernels.</summary>
    public const string Kernels = "kernels";

    /// <summary>The memory of a start, beside the time that it took; null if the row is none of a start.</summary>
    public static Row? PeakOf(Row row) => row.Benchmark.MeasuresStart
        ? new Row(
            new BenchmarkEntry($"{row.Benchmark.Name}-memory", "MB", $"the most resident memory of {row.Benchmark.Description}") { Group = row.Benchmark.Group, Measure = Measure.Memory },
            row.Results.ToDictionary(item => item.Key, item => new Result(item.Value.Peak!, null)))
        : null;

    /// <summary>
    /// The geometric means of the kernels, whose quotients are the geometric means of the ratios; and those of an engine without what suspension costs.
    /// An engine in which not all are measured has none.
    /// </summary>
    public static IEnumerable<Row> MeansOf(IEnumerable<Row> rows)
    {
        var kernels = rows.Where(row => row.Benchmark.Group == Group.Kernels).ToArray();
        if (kernels.Length < 2)
            yield break;
        var entry = new BenchmarkEntry(Kernels, "ms", "the geometric mean of the kernels") { Group = Group.Kernels };
        var means = Enum.GetValues<EngineKind>().Where(engine => kernels.All(row => row[engine] is not null)).ToDictionary(engine => engine, engine => Mean(kernels, engine));
        yield return new Row(entry, means);
        var bare = means.ToDictionary();
        if (bare.Remove(EngineKind.Bare, out var mean))
        {
            bare[EngineKind.Fermata] = mean;
            yield return new Row(entry with { Name = $"{Kernels}-bare", Description = "the same without deep stacks and interruption" }, bare);
        }
    }

    private static Result Mean(Row[] kernels, EngineKind engine) => new(
        Summary.GeometricMean([.. kernels.Select(row => row.Results[engine].Value)]),
        Summary.GeometricMean([.. kernels.Select(row => row.Results[engine].Processor!)]));
}
