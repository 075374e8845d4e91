using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Fermata.Bench;

/// <summary>The measuring process of .NET, in Fermata or in Wasmtime; <c>bench/v8/serve.mjs</c> is the same for Node.</summary>
internal static class RoundServer
{
    public const string Option = "--serve";

    /// <summary>The same in Wasmtime.</summary>
    public const string WasmtimeOption = "--serve-wasmtime";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <summary>Measures a round for each line on standard input, and answers each with a line of JSON.</summary>
    public static Task<int> RunAsync(BenchmarkEntry entry) => RunAsync(entry, entry.Create(), $"Fermata on {RuntimeInformation.FrameworkDescription}");

    /// <summary>The same in Wasmtime.</summary>
    public static Task<int> RunInWasmtimeAsync(BenchmarkEntry entry) =>
        RunAsync(entry, entry.CreateInWasmtime!(), $"Wasmtime {typeof(Wasmtime.Engine).Assembly.GetName().Version?.ToString(2)}");

    private static async Task<int> RunAsync(BenchmarkEntry entry, IBenchmark benchmark, string engine)
    {
        if (!entry.IsOneShot)
        {
            var start = Stopwatch.GetTimestamp();
            do
                benchmark.Round();
            while (Stopwatch.GetElapsedTime(start) < WarmUp);
        }

        Reply(new Greeting(engine));
        while (await Console.In.ReadLineAsync() is not null)
            Reply(entry.IsOneShot ? benchmark.Round() : Measure(benchmark));
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

    private static void Reply<T>(T message) => Console.WriteLine(JsonSerializer.Serialize(message, EngineProcess.Json));
}
