using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fermata.Bench;

/// <summary>A process that measures one benchmark in one engine: a round whenever it is told to.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private const string Ready = "ready";
    private const int FewestWarmRounds = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly string _name;
    private readonly bool _isProgram;
    private readonly DirectoryInfo? _prompts;
    private readonly Process _process;
    private readonly ProcessorClock _processor;
    private int _round;

    private EngineProcess(BenchmarkEntry benchmark, EngineKind engine)
    {
        _name = $"{benchmark.Name} in {engine}";
        _isProgram = benchmark.RunsTool;
        if (benchmark.Program is { PromptDirectory: not null } program)
        {
            _prompts = Directory.CreateTempSubdirectory("fermata-bench-");
            benchmark = benchmark with { Program = program.WithPrompts(_prompts.FullName) };
        }

        var launch = Launch.Of(benchmark, engine);
        _process = Process.Start(new ProcessStartInfo(launch.Program, launch.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _processor = new ProcessorClock(_process);
    }

    /// <summary>What it took until the process was ready.</summary>
    public Measurement Starting { get; private set; } = new(0);

    /// <summary>Starts the process, and returns when it is ready.</summary>
    /// <exception cref="BenchException">The process failed.</exception>
    public static async Task<EngineProcess> StartAsync(BenchmarkEntry benchmark, EngineKind engine)
    {
        var start = Stopwatch.GetTimestamp();
        var process = new EngineProcess(benchmark, engine);
        try
        {
            // Some programs print other lines before.
            while (await process.ReadAsync() != Ready)
            {
            }

            process.Starting = new Measurement(
                Stopwatch.GetElapsedTime(start).TotalMilliseconds, process._processor.Elapsed.TotalMilliseconds, Peak: process._process.PeakWorkingSet64 / 1e6);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has the process measure rounds that do not count.</summary>
    /// <param name="duration">For how much processor time; ten times as long on the clock is enough, too.</param>
    public async Task WarmUpAsync(TimeSpan duration)
    {
        var (start, processor) = (Stopwatch.GetTimestamp(), _processor.Elapsed);
        for (var i = 0; i < FewestWarmRounds || (_processor.Elapsed - processor < duration && Stopwatch.GetElapsedTime(start) < 10 * duration); i++)
            await RoundAsync();
    }

    /// <summary>Has the process measure a round.</summary>
    /// <exception cref="BenchException">The process failed.</exception>
    public async Task<Measurement> RoundAsync()
    {
        var processor = _processor.Elapsed;
        if (_prompts is { } prompts)
            await File.WriteAllTextAsync(Path.Combine(prompts.FullName, $"{_round++}"), "");
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
        var measurement = JsonSerializer.Deserialize<Measurement>(await ReadAsync(), Json)!;

        // A program knows of the clock alone; its rounds are long enough to be measured from here.
        return _isProgram ? measurement with { Processor = (_processor.Elapsed - processor).TotalMilliseconds } : measurement;
    }

    public async ValueTask DisposeAsync()
    {
        // The end of its input ends a process that measures; one that hangs does not read it, and programs have nothing to end well.
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(_isProgram ? 0 : 5));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _prompts?.Delete(recursive: true);
    }

    private async Task<string> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await _process.StandardOutput.ReadLineAsync(patience.Token)
                ?? throw new BenchException($"{_name} failed; its process ended without an answer.");
        }
        catch (OperationCanceledException)
        {
            throw new BenchException($"{_name} gave no answer for {Patience.TotalMinutes:0} minutes.");
        }
    }
}
