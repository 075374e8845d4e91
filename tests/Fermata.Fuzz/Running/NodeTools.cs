using System.Diagnostics;

namespace Fermata.Fuzz.Running;

/// <summary>Node 26 and Binaryen, as <c>bench/package.json</c> names them, and the scripts beside this project.</summary>
internal static class NodeTools
{
    private static readonly string Repository = RepositoryFolder.Path;
    private static readonly string[] ModuleFolders = ["bench", "samples"];

    private static string Program =>
        Path.Combine(Repository, "bench", "node_modules", "node", "bin", OperatingSystem.IsWindows() ? "node.exe" : "node");

    /// <summary>Starts a script of the folder <c>node</c>, with its standard input and output connected.</summary>
    /// <exception cref="FuzzException">Node is not installed.</exception>
    public static Process Start(string script, IEnumerable<string> options, IEnumerable<string> arguments)
    {
        if (!File.Exists(Program))
            throw new FuzzException($"There is no {Program}. Run `npm install` in {Path.Combine(Repository, "bench")} first.");
        var path = Path.Combine(Repository, "tests", "Fermata.Fuzz", "node", script);
        return Process.Start(new ProcessStartInfo(Program, [.. options, path, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
    }

    /// <summary>The files of the benchmarks and samples with a name, in the order of their paths.</summary>
    public static IEnumerable<string> FilesOfRepository(string pattern) => ModuleFolders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository, folder), pattern, SearchOption.AllDirectories))
        .Where(file => !Path.GetRelativePath(Repository, file).Split(Path.DirectorySeparatorChar).Any(name => name is "node_modules" or "bin"))
        .Order(StringComparer.Ordinal);
}
