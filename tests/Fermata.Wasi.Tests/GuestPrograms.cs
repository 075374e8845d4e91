using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Fermata.Wasi.Tests;

/// <summary>The programs in C of the folder <c>Programs</c>. All are compiled when the first is needed, and anew when they change.</summary>
internal static partial class GuestPrograms
{
    private static readonly NpmPackages Packages = new("tests", "Fermata.Wasi.Tests", "npm");
    public static readonly string Folder = Path.Combine(RepositoryFolder.Path, "tests", "Fermata.Wasi.Tests", "Programs");
    private static readonly string Header = Path.Combine(Folder, "case.h");
    private static readonly string Compiler = Path.Combine(RepositoryFolder.Path, "tests", "Fermata.Wasi.Tests", "npm", "compile.mjs");
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
        var compiler = Packages["@yowasp/clang", "package.json"];
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(compiler)!, "..", "..", ".programs")).FullName;
        var programs = Directory.GetFiles(Folder, "*.c").ToDictionary(source => source, source => Path.Combine(folder, Fingerprint(compiler, source) + ".wasm"));
        var missing = programs.Where(program => !File.Exists(program.Value)).SelectMany(program => new[] { program.Key, program.Value }).ToArray();
        if (missing.Length > 0)
            Run("node", [Compiler, Header, .. missing]);
        return programs.ToDictionary(program => Path.GetFileNameWithoutExtension(program.Key), program => program.Value);
    }

    /// <summary>What a compiled program depends on.</summary>
    private static string Fingerprint(string compiler, string source) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(new[] { compiler, Compiler, Header, source }.Select(File.ReadAllText)))));

    private static void Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed (exit code {process.ExitCode}):\n{error}");
    }
}
