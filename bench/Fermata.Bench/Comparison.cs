namespace Fermata.Bench;

/// <summary>Measures one benchmark in both engines.</summary>
internal static class Comparison
{
    /// <summary>Runs a round in one engine after a round in the other, so that what else the machine does meets both.</summary>
    public static async Task<Row> RunAsync(BenchmarkEntry benchmark, string node, int rounds)
    {
        var fermata = new Series();
        var v8 = new Series();
        if (benchmark.IsOneShot)
        {
            for (var i = 0; i < rounds; i++)
            {
                await using (var process = await EngineProcess.StartFermataAsync(benchmark))
                    await fermata.MeasureAsync(process);
                await using (var process = await EngineProcess.StartNodeAsync(benchmark, node))
                    await v8.MeasureAsync(process);
            }

            return new Row(benchmark, fermata, v8);
        }

        // Both warm up at the same time; nothing is measured yet.
        var starting = (Fermata: EngineProcess.StartFermataAsync(benchmark), V8: EngineProcess.StartNodeAsync(benchmark, node));
        await using var fermataProcess = await starting.Fermata;
        await using var v8Process = await starting.V8;
        for (var i = 0; i < rounds; i++)
        {
            await fermata.MeasureAsync(fermataProcess);
            await v8.MeasureAsync(v8Process);
        }

        return new Row(benchmark, fermata, v8);
    }
}
