using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>A folder where <c>fermata</c> keeps machine code, which it makes in a process behind one that has run.</summary>
/// <param name="name">The name of the folder.</param>
internal sealed class ToolCache(string name)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Its path.</summary>
    public string Folder => BenchFolder.Path("tool", "caches", name);

    /// <summary>Fills it anew.</summary>
    /// <param name="launch">What has it made.</param>
    /// <exception cref="BenchException">It cannot be filled.</exception>
    public async Task FillAsync(Launch launch)
    {
        if (NativeCompiler.Find() is null)
            throw new BenchException("crossgen2 was not found, which makes machine code for the cache: docs/compiling-ahead.md tells how to get it.");
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        await launch.RunAsync($"filling the cache {name}");
        var start = Stopwatch.GetTimestamp();
        while (!Directory.Exists(Folder) || Directory.GetFiles(Folder, "*.dll").Length == 0)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new BenchException($"fermata made no machine code for the cache {name} for {Patience.TotalMinutes:0} minutes.");
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }
}
