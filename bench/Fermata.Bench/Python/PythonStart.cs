using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>The start of <c>fermata python</c>, without a cache, and with one, beside that of Pyodide in Node, by itself, and from its snapshot.</summary>
internal static class PythonStart
{
    private const string Program = "import sys\nprint('ready', flush=True)\nsys.stdin.readline()";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Nothing is kept from one start to the next.</summary>
    public static IReadOnlyList<string> Cold => Command("off");

    /// <summary>With machine code and the library of an earlier start.</summary>
    public static IReadOnlyList<string> Cached => Command(Cache);

    /// <summary>What Pyodide in Node keeps.</summary>
    public static string Snapshot => BenchFolder.Path("tool", "pyodide.snapshot");

    private static string Cache => BenchFolder.Path("tool", "cache");

    /// <summary>Fills the caches anew: those of Fermata by a start, behind which <c>fermata</c> makes the machine code, and that of Node.</summary>
    /// <exception cref="BenchException">One cannot be filled.</exception>
    public static async Task FillCachesAsync()
    {
        if (NativeCompiler.Find() is null)
            throw new BenchException("crossgen2 was not found, which makes machine code for the cache: docs/compiling-ahead.md tells how to get it.");
        if (Directory.Exists(Cache))
            Directory.Delete(Cache, recursive: true);
        await new Launch(PackedTool.Current.Program, Command(Cache, "pass")).RunAsync("filling the caches of fermata python");
        var start = Stopwatch.GetTimestamp();
        while (Directory.GetFiles(Cache, "*.dll").Length == 0)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new BenchException($"fermata python made no machine code for its cache for {Patience.TotalMinutes:0} minutes.");
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        await new Launch(Installation.Node, [BenchFolder.Path("v8", "python", "make-snapshot.mjs"), Snapshot]).RunAsync("making the snapshot of Pyodide");
    }

    private static string[] Command(string cache, string program = Program) => ["python", "--cache", cache, "--pyodide", PythonFiles.Package, "-c", program];
}
