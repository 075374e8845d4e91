namespace Fermata.Bench;

/// <summary>The start of <c>fermata python</c>, without a cache, and with one, beside that of Pyodide in Node, by itself, and from its snapshot.</summary>
internal static class PythonStart
{
    private const string Program = "import sys\nprint('ready', flush=True)\nsys.stdin.readline()";

    private static readonly ToolCache Cache = new("fermata-python");

    /// <summary>Nothing is kept from one start to the next.</summary>
    public static IReadOnlyList<string> Cold => Command("off");

    /// <summary>With machine code and the library of an earlier start.</summary>
    public static IReadOnlyList<string> Cached => Command(Cache.Folder);

    /// <summary>What Pyodide in Node keeps.</summary>
    public static string Snapshot => BenchFolder.Path("tool", "pyodide.snapshot");

    /// <summary>Fills the caches anew: those of Fermata by a start, behind which <c>fermata</c> makes the machine code, and that of Node.</summary>
    /// <exception cref="BenchException">One cannot be filled.</exception>
    public static async Task FillCachesAsync()
    {
        await Cache.FillAsync(new Launch(PackedTool.Current.Program, Command(Cache.Folder, "pass")));
        await new Launch(Installation.Node, [BenchFolder.Path("v8", "python", "make-snapshot.mjs"), Snapshot]).RunAsync("making the snapshot of Pyodide");
    }

    private static string[] Command(string cache, string program = Program) => ["python", "--cache", cache, "--pyodide", PythonFiles.Package, "-c", program];
}
