using System.Collections.Concurrent;

namespace Fermata.Emscripten.Tests;

/// <summary>Programs that npm installs, each loaded once for all tests and modes that need it.</summary>
internal static class NpmProgram
{
    private static readonly NpmPackages Packages = new("tests", "Fermata.Emscripten.Tests", "npm");

    private static readonly Engine SuspendingEngine = ProgramEngine.New(suspendsEverywhere: true);
    private static readonly ConcurrentDictionary<(string Path, bool SuspendsEverywhere), Lazy<Task<EmscriptenProgram>>> Loaded = new();

    /// <summary>Compiles the programs that it does not suspend at every call.</summary>
    public static Engine Engine { get; set; } = ProgramEngine.New();

    /// <summary>The engine that all programs of a mode share.</summary>
    public static Engine EngineFor(bool suspendsEverywhere) => suspendsEverywhere ? SuspendingEngine : Engine;

    /// <summary>The path of a file of a package.</summary>
    public static string PathOf(string package, string file) => Packages[package, file];

    /// <summary>A program.</summary>
    /// <param name="package">The package.</param>
    /// <param name="file">The file of its module.</param>
    /// <param name="suspendsEverywhere">Whether the engine suspends it at every call.</param>
    /// <param name="supplement">WebAssembly that is merged into it.</param>
    /// <param name="names">What Emscripten calls its imports and exports, if it is minified.</param>
    public static Task<EmscriptenProgram> LoadAsync(
        string package, string file, bool suspendsEverywhere, ModuleInfo? supplement = null, EmscriptenNames? names = null) =>
        Loaded.GetOrAdd(
            (PathOf(package, file), suspendsEverywhere),
            key => new(() => EmscriptenProgram.LoadFileAsync(EngineFor(key.SuspendsEverywhere), key.Path, new EmscriptenOptions { Names = names ?? EmscriptenNames.None, Supplement = supplement }))).Value;

    /// <summary>All that were loaded.</summary>
    public static Task<EmscriptenProgram[]> AllAsync() => Task.WhenAll(Loaded.Values.Select(program => program.Value));
}
