using System.Diagnostics;
using System.Text.Json;

namespace Fermata.Fuzz.Running;

/// <summary>Carries out plans in V8: a process of Node that takes many, and another one where that has died or hangs.</summary>
internal sealed class V8Runner(string folder) : IDisposable
{
    private const int MostSecondsPerBatch = 120;

    // Deep recursion must not end in V8 long before it ends in Fermata; a thread's stack has 8 MiB as a rule.
    private static readonly string[] Options = ["--stack-size=5000", "--no-wasm-dynamic-tiering", "--wasm-allow-mixed-eh-for-testing"];

    private Process? _process;
    private int _number;

    /// <summary>The lines for each plan; null for a plan that V8 cannot end.</summary>
    public List<List<string>?> Run(IReadOnlyList<Plan> plans)
    {
        if (TryRun(plans) is { } lines)
            return lines;
        // One of them is to blame.
        return plans.Count == 1 ? [null] : [.. plans.SelectMany(plan => Run([plan]))];
    }

    public void Dispose()
    {
        if (_process is null)
            return;
        _process.Kill();
        _process.Dispose();
        _process = null;
    }

    private List<List<string>?>? TryRun(IReadOnlyList<Plan> plans)
    {
        var path = Path.Combine(folder, $"batch{_number++ % 4}");
        File.WriteAllLines(path, plans.Select(plan => JsonSerializer.Serialize(plan, Json.Options)));
        File.Delete(path + ".results");
        _process ??= Start();
        _process.StandardInput.WriteLine(path);
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLineAsync();
        if (!answer.Wait(TimeSpan.FromSeconds(MostSecondsPerBatch)) || answer.Result != "done")
        {
            Dispose();
            return null;
        }

        return File.ReadLines(path + ".results").Select(line => JsonSerializer.Deserialize<List<string>>(line, Json.Options)).ToList();
    }

    private static Process Start()
    {
        var process = NodeTools.Start("run.mjs", Options, []);
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginErrorReadLine();
        return process;
    }
}
