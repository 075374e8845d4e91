namespace Fermata.Bench.Tests;

public class DerivedTests
{
    [Fact]
    public void Kernels_have_a_mean_in_each_engine_that_runs_all_of_them_and_one_without_suspension()
    {
        var rows = Derived.MeansOf(
        [
            Rounds.Row("a", Group.Kernels, (EngineKind.Fermata, [4]), (EngineKind.Bare, [2]), (EngineKind.V8, [4]), (EngineKind.Native, [1])),
            Rounds.Row("b", Group.Kernels, (EngineKind.Fermata, [16]), (EngineKind.Bare, [8]), (EngineKind.V8, [4])),
            Rounds.Row("c", Group.Calls, (EngineKind.Fermata, [1000])),
        ]).ToArray();

        Assert.Equal(["kernels", "kernels-bare"], rows.Select(row => row.Benchmark.Name));
        Assert.Equal(2, rows[0].RatioTo(EngineKind.V8)!.Value, 9);
        Assert.Equal(2, rows[0].RatioTo(EngineKind.Bare)!.Value, 9);
        Assert.Equal(1, rows[1].RatioTo(EngineKind.V8)!.Value, 9);
        Assert.Null(rows[0][EngineKind.Native]);
    }

    [Fact]
    public void One_kernel_has_no_mean() => Assert.Empty(Derived.MeansOf([Rounds.Row("a", Group.Kernels, (EngineKind.Fermata, [4]))]));

    [Fact]
    public void A_start_has_a_row_of_its_memory()
    {
        var entry = new BenchmarkEntry("start-x", "ms", "x") { MeasuresStart = true, Measure = Measure.Clock };
        var start = new Row(entry, new Dictionary<EngineKind, Result> { [EngineKind.Fermata] = Result.Of([new Measurement(9, 8, Peak: 70)], Measure.Clock) });

        var peak = Derived.PeakOf(start)!;

        Assert.Equal("start-x-memory", peak.Benchmark.Name);
        Assert.Equal(70, peak[EngineKind.Fermata]!.Median);
        Assert.Null(Derived.PeakOf(peak));
    }
}
