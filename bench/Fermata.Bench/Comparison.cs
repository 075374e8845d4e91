using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>Measures one benchmark in all engines that it is for.</summary>
internal static class Comparison
{
    private const int FewestRounds = 3;

    /// <summary>Runs a round in each engine after a round in the others, so that what else the machine does meets all.</summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="node">The program of V8; null if the benchmark is not for it.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="timeLimit">When to stop before that.</param>
    public static Task<Row> RunAsync(BenchmarkEntry benchmark, string? node, int rounds, TimeSpan timeLimit) => benchmark.IsOneShot
        ? RunInNewProcessesAsync(benchmark, node!, rounds, timeLimit)
        : RunWarmAsync(benchmark, node, rounds, timeLimit);

    private static async Task<Row> RunWarmAsync(BenchmarkEntry benchmark, string? node, int rounds, TimeSpan timeLimit)
    {
        // All warm up at the same time; nothing is measured yet.
        Task<EngineProcess>?[] starting =
        [
            EngineProcess.StartFermataAsync(benchmark),
            node is null ? null : EngineProcess.StartNodeAsync(benchmark, node),
            benchmark.CreateInWasmtime is null ? null : EngineProcess.StartWasmtimeAsync(benchmark),
        ];
        var engines = new (EngineProcess Process, Series Series)?[starting.Length];
        try
        {
            for (var i = 0; i < starting.Length; i++)
                engines[i] = starting[i] is { } start ? (await start, new Series()) : null;
            foreach (var _ in Rounds(rounds, timeLimit))
            {
                foreach (var engine in engines.OfType<(EngineProcess Process, Series Series)>())
                    await engine.Series.MeasureAsync(engine.Process);
            }
        }
        finally
        {
            foreach (var engine in engines.OfType<(EngineProcess Process, Series Series)>())
                await engine.Process.DisposeAsync();
        }

        return new Row(benchmark, engines[0]!.Value.Series, engines[1]?.Series, engines[2]?.Series);
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

        return new Row(benchmark, fermata, v8, Wasmtime: null);
    }

    private static IEnumerable<int> Rounds(int rounds, TimeSpan timeLimit)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < rounds && (i < FewestRounds || Stopwatch.GetElapsedTime(start) < timeLimit); i++)
            yield return i;
    }
}
