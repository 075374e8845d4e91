namespace Fermata.Bench;

/// <summary>Where the benchmark's own files are: the folder <c>bench</c> above the program.</summary>
internal static class BenchFolder
{
    private static readonly Lazy<string> Root = new(Find);

    /// <summary>The path of a file of the folder.</summary>
    public static string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Root.Value, .. parts]);

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (File.Exists(System.IO.Path.Combine(folder, "v8", "serve.mjs")))
                return folder;
        }

        throw new BenchException("the folder bench/v8 is not above the program; run it from the repository with dotnet run.");
    }
}
