using System.Diagnostics;
using System.Text.Json;

namespace Fermata.Bench;

/// <summary>How the process of an engine is started.</summary>
/// <param name="Program">The path of the program.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record Launch(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The process that measures a benchmark in an engine.</summary>
    public static Launch Of(BenchmarkEntry entry, EngineKind engine) => (entry.Program, engine) switch
    {
        (null, EngineKind.Fermata) when entry.Tool.Count > 0 => new(PackedTool.Current.Program, entry.Tool),
        (null, EngineKind.V8) => new(Installation.Node, ["--expose-gc", BenchFolder.Path("v8", "serve.mjs"), .. entry.Script]),
        (null, _) => Own(RoundServer.Option, engine.ToString(), entry.Name),
        ({ } program, _) => Of(program, engine),
    };

    /// <summary>The process that runs a program in an engine.</summary>
    public static Launch Of(WasiCommand command, EngineKind engine) => engine switch
    {
        EngineKind.Fermata => new(PackedTool.Current.Program,
        [
            // Without a cache each start is a first one, and leaves nothing to do in the background.
            "run", "--cache", command.Cache?.Folder ?? "off", .. command.Directories.SelectMany(directory => new[] { "--dir", $"{directory.Value}::{directory.Key}" }),
            command.Module, .. command.Arguments.Skip(1),
        ]),
        EngineKind.V8 when command.NodeScript is { } script => new(Installation.Node, [BenchFolder.Path("v8", script)]),
        EngineKind.V8 => new(Installation.Node, ["--no-warnings", BenchFolder.Path("v8", "program.mjs"), JsonSerializer.Serialize(command, EngineProcess.Json)]),
        _ => Own(WasmtimeProgram.Option, JsonSerializer.Serialize(command, EngineProcess.Json)),
    };

    /// <summary>This program is an executable of its own, or it is run by <c>dotnet</c>.</summary>
    public static Launch Own(params string[] arguments) => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? new(Environment.ProcessPath!, [Environment.GetCommandLineArgs()[0], .. arguments])
        : new(Environment.ProcessPath!, arguments);

    /// <summary>Runs it to its end, with nothing to read.</summary>
    /// <param name="purpose">What it does, for the message of a failure.</param>
    /// <exception cref="BenchException">It failed.</exception>
    public async Task RunAsync(string purpose)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, Arguments) { RedirectStandardInput = true })!;
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new BenchException($"{purpose} failed (exit code {process.ExitCode}).");
    }
}
