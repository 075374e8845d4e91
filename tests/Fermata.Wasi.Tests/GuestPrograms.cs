using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Fermata.Wasi.Tests;

/// <summary>The programs in C of the folder <c>Programs</c>. All are compiled when the first is needed, and anew when they change.</summary>
internal static partial class GuestPrograms
{
    public static readonly string Folder = Path.Combine(RepositoryFolder.Path, "tests", "Fermata.Wasi.Tests", "Programs");
    private static readonly string Header = Path.Combine(Folder, "case.h");
    private static readonly Lazy<Dictionary<string, string>> Compiled = new(Compile);

    private static readonly Engine Engine = new();
    private static readonly Engine SuspendingEngine = new(new EngineOptions { SuspendEverywhere = true });
    private static readonly ConcurrentDictionary<(string Name, bool SuspendsEverywhere), Lazy<WasiProgram>> Loaded = new();

    /// <summary>A program, linked once for all tests.</summary>
    /// <param name="name">The name of its source, without <c>.c</c>.</param>
    /// <param name="suspendsEverywhere">Whether the engine suspends it at every call.</param>
    public static WasiProgram Find(string name, bool suspendsEverywhere = false) =>
        Loaded.GetOrAdd((name, suspendsEverywhere), key => new(() => new WasiProgram(Load(key.SuspendsEverywhere ? SuspendingEngine : Engine, key.Name)))).Value;

    /// <summary>Loads a program.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="name">The name of its source, without <c>.c</c>.</param>
    public static Module Load(Engine engine, string name) => Module.LoadFile(engine, Compiled.Value[name]);

    /// <summary>The cases of a program, which stand in its source as <c>CASE(name)</c>.</summary>
    /// <param name="name">The name of its source, without <c>.c</c>.</param>
    public static IEnumerable<string> CasesOf(string name) =>
        Case().Matches(File.ReadAllText(Path.Combine(Folder, name + ".c"))).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^CASE\((\w+)\)", RegexOptions.Multiline)]
    private static partial Regex Case();

    private static Dictionary<string, string> Compile()
    {
        var sources = Directory.GetFiles(Folder, "*.c");
        var outputs = NpmClang.Compile([.. sources.Select(source => (CommandFor(source), new[] { Header, source }))]);
        return sources.Select(source => Path.GetFileNameWithoutExtension(source)!).Zip(outputs).ToDictionary(program => program.First, program => program.Second);
    }

    /// <summary>A line that begins with <c>// clang:</c> has more options for its program.</summary>
    private static string[] CommandFor(string source)
    {
        var options = Options().Matches(File.ReadAllText(source)).SelectMany(match => match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return ["clang", "--target=wasm32-wasip1", "-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", .. options, Path.GetFileName(source)];
    }

    [GeneratedRegex(@"^// clang:(.*)$", RegexOptions.Multiline)]
    private static partial Regex Options();
}
