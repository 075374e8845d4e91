namespace Fermata.Bench;

/// <summary>Where the benchmark's own files are: the folder <c>bench</c> of the working copy that the program was built in.</summary>
internal static class BenchFolder
{
    private static readonly Lazy<string> Root = new(Find);

    /// <summary>The path of a file of the folder.</summary>
    public static string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Root.Value, .. parts]);

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            var bench = System.IO.Path.Combine(folder, "bench");
            if (File.Exists(System.IO.Path.Combine(bench, "v8", "serve.mjs")))
                return bench;
        }

        throw new BenchException("no folder above the program has a bench/v8; run it from the repository with dotnet run.");
    }
}
