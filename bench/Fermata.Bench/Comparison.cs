using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>Measures one benchmark in both engines.</summary>
internal static class Comparison
{
    private const int FewestRounds = 3;

    /// <summary>Runs a round in one engine after a round in the other, so that what else the machine does meets both.</summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="node">The program of the other engine; null if the benchmark is Fermata's only.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="timeLimit">When to stop before that.</param>
    public static Task<Row> RunAsync(BenchmarkEntry benchmark, string? node, int rounds, TimeSpan timeLimit) => node is null
        ? RunAloneAsync(benchmark, rounds, timeLimit)
        : benchmark.IsOneShot ? RunInNewProcessesAsync(benchmark, node, rounds, timeLimit) : RunWarmAsync(benchmark, node, rounds, timeLimit);

    private static async Task<Row> RunAloneAsync(BenchmarkEntry benchmark, int rounds, TimeSpan timeLimit)
    {
        await using var process = await EngineProcess.StartFermataAsync(benchmark);
        var fermata = new Series();
        foreach (var _ in Rounds(rounds, timeLimit))
            await fermata.MeasureAsync(process);
        return new Row(benchmark, fermata, null);
    }

    private static async Task<Row> RunWarmAsync(BenchmarkEntry benchmark, string node, int rounds, TimeSpan timeLimit)
    {
        // Both warm up at the same time; nothing is measured yet.
        var starting = (Fermata: EngineProcess.StartFermataAsync(benchmark), V8: EngineProcess.StartNodeAsync(benchmark, node));
        await using var fermataProcess = await starting.Fermata;
        await using var v8Process = await starting.V8;
        var (fermata, v8) = (new Series(), new Series());
        foreach (var _ in Rounds(rounds, timeLimit))
        {
            await fermata.MeasureAsync(fermataProcess);
            await v8.MeasureAsync(v8Process);
        }

        return new Row(benchmark, fermata, v8);
    }

    private static async Task<Row> RunInNewProcessesAsync(BenchmarkEntry benchmark, string node, int rounds, TimeSpan timeLimit)
    {
        var (fermata, v8) = (new Series(), new Series());
        foreach (var _ in Rounds(rounds, timeLimit))
        {
            await using (var process = await EngineProcess.StartFermataAsync(benchmark))
                await fermata.MeasureAsync(process);
            await using (var process = await EngineProcess.StartNodeAsync(benchmark, node))
                await v8.MeasureAsync(process);
        }

        return new Row(benchmark, fermata, v8);
    }

    private static IEnumerable<int> Rounds(int rounds, TimeSpan timeLimit)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < rounds && (i < FewestRounds || Stopwatch.GetElapsedTime(start) < timeLimit); i++)
            yield return i;
    }
}
