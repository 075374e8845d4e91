using System.Diagnostics;
using System.Text.Json;

namespace Fermata.Bench;

/// <summary>The measuring process of .NET; <c>bench/v8/serve.mjs</c> is the same for Node.</summary>
internal static class RoundServer
{
    public const string Option = "--serve";

    /// <summary>Measures a round for each line on standard input, and answers each with a line of JSON.</summary>
    public static async Task<int> RunAsync(BenchmarkEntry entry, EngineKind engine)
    {
        var benchmark = entry.Prepare[engine]();
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is not null)
            Console.WriteLine(JsonSerializer.Serialize(Measure(benchmark), EngineProcess.Json));
        return 0;
    }

    /// <summary>On a machine that does other things too, processor time is steadier than the clock: that runs on while others have their turn.</summary>
    private static Measurement Measure(IBenchmark benchmark)
    {
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        var measurement = benchmark.Round();
        var elapsed = Stopwatch.GetElapsedTime(start);
        return measurement with { Processor = measurement.Value * ((Environment.CpuUsage.TotalTime - processor) / elapsed) };
    }
}
