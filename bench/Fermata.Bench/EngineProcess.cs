using System.Diagnostics;
using System.Text.Json;

namespace Fermata.Bench;

/// <summary>A process that has warmed up for one benchmark in one engine, and measures a round when it is told to.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _name;

    private EngineProcess(string name, string program, IEnumerable<string> arguments)
    {
        _name = name;
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        _process = Process.Start(start)!;
    }

    /// <summary>Engine and version.</summary>
    public string Engine { get; private set; } = "";

    public static Task<EngineProcess> StartFermataAsync(BenchmarkEntry benchmark) =>
        StartAsync(new EngineProcess($"{benchmark.Name} in Fermata", Environment.ProcessPath!, OwnArguments(RoundServer.Option, benchmark.Name)));

    public static Task<EngineProcess> StartWasmtimeAsync(BenchmarkEntry benchmark) =>
        StartAsync(new EngineProcess($"{benchmark.Name} in Wasmtime", Environment.ProcessPath!, OwnArguments(RoundServer.WasmtimeOption, benchmark.Name)));

    public static Task<EngineProcess> StartNodeAsync(BenchmarkEntry benchmark, string node) =>
        StartAsync(new EngineProcess($"{benchmark.Name} in Node", node, ["--expose-gc", BenchFolder.Path("v8", "serve.mjs"), benchmark.Script]));

    /// <summary>Has the process measure a round.</summary>
    /// <exception cref="BenchException">The process failed.</exception>
    public async Task<Measurement> RoundAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
        return await ReadAsync<Measurement>();
    }

    public async ValueTask DisposeAsync()
    {
        // The end of its input ends the process; one that hangs does not read it.
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>What this program is started with once more: it is an executable of its own, or it is run by <c>dotnet</c>.</summary>
    public static IEnumerable<string> OwnArguments(string option, string value)
    {
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            yield return Environment.GetCommandLineArgs()[0];
        yield return option;
        yield return value;
    }

    private static async Task<EngineProcess> StartAsync(EngineProcess process)
    {
        try
        {
            process.Engine = (await process.ReadAsync<Greeting>()).Engine;
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private async Task<T> ReadAsync<T>()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var line = await _process.StandardOutput.ReadLineAsync(patience.Token)
                ?? throw new BenchException($"{_name} failed; its process ended without an answer.");
            return JsonSerializer.Deserialize<T>(line, Json)!;
        }
        catch (OperationCanceledException)
        {
            throw new BenchException($"{_name} gave no answer for {Patience.TotalSeconds:0} s.");
        }
    }
}
