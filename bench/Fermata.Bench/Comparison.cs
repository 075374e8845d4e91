using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>Measures one benchmark in all engines that it is for.</summary>
internal static class Comparison
{
    private const int FewestRounds = 3;

    /// <summary>Runs a round in each engine after a round in the others, so that what else the machine does meets all.</summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="options">How often, and for how long.</param>
    /// <exception cref="BenchException">An engine failed, or two engines have different results.</exception>
    public static async Task<Row> RunAsync(BenchmarkEntry benchmark, BenchOptions options)
    {
        var engines = benchmark.Engines.Where(engine => engine != EngineKind.Native || KernelBuild.Gcc is not null).ToArray();
        if (benchmark.FillCacheAsync is { } fillAsync)
            await fillAsync();
        var measurements = engines.ToDictionary(engine => engine, _ => new List<Measurement>());
        if (benchmark.IsOneShot)
        {
            foreach (var _ in Rounds(benchmark, options))
            {
                foreach (var engine in engines)
                    measurements[engine].Add(await MeasureInNewProcessAsync(benchmark, engine));
            }
        }
        else
        {
            await MeasureWarmAsync(benchmark, options, measurements);
        }

        return new Row(benchmark, measurements.ToDictionary(item => item.Key, item => Result.Of(item.Value, benchmark.Measure)))
        {
            Checksum = Agreed(benchmark.Name, measurements.SelectMany(item => item.Value.Select(round => (item.Key, round.Checksum)))),
        };
    }

    /// <summary>The checksum of all rounds. A round that measured nonsense must not become a number in a table.</summary>
    /// <exception cref="BenchException">There is more than one.</exception>
    public static int? Agreed(string name, IEnumerable<(EngineKind Engine, int? Checksum)> rounds)
    {
        var distinct = rounds.Distinct().ToArray();
        return distinct.All(round => round.Checksum == distinct[0].Checksum)
            ? distinct[0].Checksum
            : throw new BenchException($"{name} has different results: {string.Join(", ", distinct.Select(round => $"{round.Checksum} in {round.Engine}"))}.");
    }

    private static async Task<Measurement> MeasureInNewProcessAsync(BenchmarkEntry benchmark, EngineKind engine)
    {
        await using var process = await EngineProcess.StartAsync(benchmark, engine);
        return benchmark.MeasuresStart ? process.Starting : await process.RoundAsync();
    }

    private static async Task MeasureWarmAsync(BenchmarkEntry benchmark, BenchOptions options, Dictionary<EngineKind, List<Measurement>> measurements)
    {
        var processes = new Dictionary<EngineKind, EngineProcess>();
        try
        {
            foreach (var engine in measurements.Keys)
                processes.Add(engine, await EngineProcess.StartAsync(benchmark, engine));

            // All at the same time; nothing is measured yet.
            await Task.WhenAll(processes.Values.Select(process => process.WarmUpAsync(options.WarmUpOf(benchmark))));
            foreach (var _ in Rounds(benchmark, options))
            {
                foreach (var (engine, process) in processes)
                    measurements[engine].Add(await process.RoundAsync());
            }
        }
        finally
        {
            foreach (var process in processes.Values)
                await process.DisposeAsync();
        }
    }

    private static IEnumerable<int> Rounds(BenchmarkEntry benchmark, BenchOptions options)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < options.RoundsOf(benchmark) && (i < FewestRounds || Stopwatch.GetElapsedTime(start) < options.TimeLimit); i++)
            yield return i;
    }
}
