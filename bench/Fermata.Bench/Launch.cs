using System.Text.Json;

namespace Fermata.Bench;

/// <summary>How the process of an engine is started.</summary>
/// <param name="Program">The path of the program.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record Launch(string Program, IReadOnlyList<string> Arguments)
{
    private static string CommandLine => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Fermata.Cli.exe" : "Fermata.Cli");

    /// <summary>The process that measures a benchmark in an engine.</summary>
    public static Launch Of(BenchmarkEntry entry, EngineKind engine) => (entry.Program, engine) switch
    {
        (null, EngineKind.V8) => new(Installation.Node, ["--expose-gc", BenchFolder.Path("v8", "serve.mjs"), .. entry.Script]),
        (null, _) => Own(RoundServer.Option, engine.ToString(), entry.Name),
        ({ } program, _) => Of(program, engine),
    };

    /// <summary>The process that fills the cache of code for a program of Emscripten.</summary>
    public static Launch FillCache(string program) => Own(EmscriptenWork.FillOption, program);

    private static Launch Of(WasiCommand command, EngineKind engine) => engine switch
    {
        EngineKind.Fermata => new(CommandLine,
        [
            // Each start is a first one, and leaves nothing to do in the background.
            "run", "--cache", "off", .. command.Directories.SelectMany(directory => new[] { "--dir", $"{directory.Value}::{directory.Key}" }),
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
}
