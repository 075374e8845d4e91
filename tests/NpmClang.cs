using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Fermata.Tests.Shared;

/// <summary>The clang that npm has, for programs of tests that are compiled when they are needed, and anew when they change. Compiled into each project that needs it.</summary>
internal static class NpmClang
{
    private static readonly NpmPackages Packages = new("tests", "Fermata.Wasi.Tests", "npm");
    private static readonly string Script = Path.Combine(RepositoryFolder.Path, "tests", "clang.mjs");

    /// <summary>Compiles programs.</summary>
    /// <param name="programs">The commands, without what says where their output goes, and the paths of the files that each reads, which it names without their folders.</param>
    /// <returns>The paths of the modules.</returns>
    /// <exception cref="InvalidOperationException">One does not compile.</exception>
    public static string[] Compile(IReadOnlyList<(string[] Command, string[] Files)> programs)
    {
        var package = Packages["@yowasp/clang", "package.json"];
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(package)!, "..", "..", ".programs")).FullName;
        var all = programs.Select(program => new { command = program.Command, files = program.Files, output = Path.Combine(folder, Fingerprint(package, program) + ".wasm") }).ToList();
        var missing = all.Where(program => !File.Exists(program.output)).ToList();
        if (missing.Count > 0)
            Run(Packages["@yowasp/clang", Path.Combine("gen", "bundle.js")], JsonSerializer.Serialize(missing));
        return [.. all.Select(program => program.output)];
    }

    /// <summary>What a compiled program depends on.</summary>
    private static string Fingerprint(string package, (string[] Command, string[] Files) program) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [.. program.Command, .. program.Files.Prepend(package).Append(Script).Select(File.ReadAllText)]))));

    private static void Run(string compiler, string programs)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [Script, compiler]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        node.StandardInput.Write(programs);
        node.StandardInput.Close();
        var error = node.StandardError.ReadToEnd();
        node.WaitForExit();
        if (node.ExitCode != 0)
            throw new InvalidOperationException($"Programs of tests do not compile (exit code {node.ExitCode}):\n{error}");
    }
}
