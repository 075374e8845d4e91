using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>Measures one benchmark in both engines.</summary>
internal static class Comparison
{
    private const int FewestRounds = 3;

    /// <summary>Runs a round in one engine after a round in the other, so that what else the machine does meets both.</summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="node">The program of V8; null if the benchmark is not for it.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="timeLimit">When to stop before that.</param>
    public static Task<Row> RunAsync(BenchmarkEntry benchmark, string? node, int rounds, TimeSpan timeLimit) => benchmark.CreateInWasmtime is not null
        ? RunWarmAsync(benchmark, () => EngineProcess.StartWasmtimeAsync(benchmark), rounds, timeLimit)
        : node is null ? RunAloneAsync(benchmark, rounds, timeLimit)
        : benchmark.IsOneShot ? RunInNewProcessesAsync(benchmark, node, rounds, timeLimit)
        : RunWarmAsync(benchmark, () => EngineProcess.StartNodeAsync(benchmark, node), rounds, timeLimit);

    private static async Task<Row> RunAloneAsync(BenchmarkEntry benchmark, int rounds, TimeSpan timeLimit)
    {
        await using var process = await EngineProcess.StartFermataAsync(benchmark);
        var fermata = new Series();
        foreach (var _ in Rounds(rounds, timeLimit))
            await fermata.MeasureAsync(process);
        return new Row(benchmark, fermata, null);
    }

    private static async Task<Row> RunWarmAsync(BenchmarkEntry benchmark, Func<Task<EngineProcess>> startOther, int rounds, TimeSpan timeLimit)
    {
        // Both warm up at the same time; nothing is measured yet.
        var starting = (Fermata: EngineProcess.StartFermataAsync(benchmark), Other: startOther());
        await using var fermataProcess = await starting.Fermata;
        await using var otherProcess = await starting.Other;
        var (fermata, other) = (new Series(), new Series());
        foreach (var _ in Rounds(rounds, timeLimit))
        {
            await fermata.MeasureAsync(fermataProcess);
            await other.MeasureAsync(otherProcess);
        }

        return new Row(benchmark, fermata, other);
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
