using System.Diagnostics;
using Fermata.Python;

namespace Fermata.Samples.Agents;

/// <summary>Runs scripts at once, each in a sandbox of its own, and tells what came of them and what it took.</summary>
internal static class Demo
{
    /// <summary>As many as 2 GB bear.</summary>
    public const int DefaultScripts = 150;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    /// <summary>What each script may take.</summary>
    public static readonly PythonSandboxOptions Options = new()
    {
        MaxComputingTime = TimeSpan.FromSeconds(5),
        MaxWaitingTime = TimeSpan.FromSeconds(20),
        MaxMemoryBytes = 64 << 20,
        MaxOutputBytes = 1_000,
        MaxFileBytes = 1 << 20,
    };

    public static async Task RunAsync(PythonDistribution distribution, int count, PythonSandboxOptions options, TextWriter output)
    {
        var shop = new Shop(Delay);
        var (before, watch) = (MemoryOfProcess(), Stopwatch.StartNew());
        var sandboxes = new List<PythonSandbox>();
        for (var number = 0; number < count; number++)
            sandboxes.Add(await PythonSandbox.StartAsync(distribution, shop.Host, options));
        await output.WriteLineAsync($"{count} interpreters have started in {watch.Elapsed.TotalSeconds:0.0} s, with {PerScript(MemoryOfProcess() - before)} MB each.");

        watch.Restart();
        using var peak = new Peak();
        var processor = Environment.CpuUsage.TotalTime;
        var results = await Task.WhenAll(sandboxes.Select((sandbox, number) => sandbox.RunAsync(SourceOf(number))));
        var elapsed = watch.Elapsed;
        await output.WriteLineAsync($"{count} scripts at once have called tools {shop.Calls} times, of which {shop.MostWaiting} waited at once.");
        await output.WriteLineAsync(
            $"It took {elapsed.TotalSeconds:0.0} s, {(Environment.CpuUsage.TotalTime - processor).TotalSeconds:0.0} s of processor time, at most {peak.Threads} threads of the pool, and {PerScript(peak.Memory - before)} MB each.");
        await output.WriteLineAsync($"They waited {Sum(results, result => result.WaitingTime):0} s, and computed {Sum(results, result => result.ComputingTime):0} s.");
        foreach (var outcome in results.GroupBy(result => result.Error?.Message ?? result.Text).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal))
            await output.WriteLineAsync($"{outcome.Count(),6}  {outcome.Key}");

        // What was ended was replaced: each sandbox runs the next script.
        var next = await Task.WhenAll(sandboxes.Select(sandbox => sandbox.RunAsync("1 + 1")));
        await output.WriteLineAsync($"{next.Count(result => result.Text == "2")} sandboxes have run another script.");
        foreach (var sandbox in sandboxes)
            await sandbox.DisposeAsync();

        string PerScript(long bytes) => $"{bytes / 1e6 / count:0.0}";
    }

    /// <summary>One of ten is a rogue.</summary>
    private static string SourceOf(int number) => number % 10 == 9 ? Scripts.Rogues[number / 10 % Scripts.Rogues.Length] : Scripts.Useful;

    private static double Sum(IEnumerable<PythonResult> results, Func<PythonResult, TimeSpan> time) => results.Sum(result => time(result).TotalSeconds);

    private static long MemoryOfProcess()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <summary>The most threads and memory that there were.</summary>
    private sealed class Peak : IDisposable
    {
        private readonly Timer _timer;

        public Peak() => _timer = new Timer(_ => (Threads, Memory) = (Math.Max(Threads, ThreadPool.ThreadCount), Math.Max(Memory, MemoryOfProcess())), null, 0, 50);

        public int Threads { get; private set; }

        public long Memory { get; private set; }

        public void Dispose() => _timer.Dispose();
    }
}
