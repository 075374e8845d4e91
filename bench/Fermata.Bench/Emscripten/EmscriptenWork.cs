using System.Diagnostics;
using Fermata.Emscripten.Tests;

namespace Fermata.Bench;

/// <summary>A started program of Emscripten, and its work.</summary>
/// <param name="work">Does it once, and has a checksum.</param>
internal sealed class EmscriptenWork(Func<Task<int>> work) : IBenchmark
{
    /// <summary>The option of the command line that fills the cache for a program.</summary>
    public const string FillOption = "--fill-cache";

    private static readonly CodeCache Cache = new(BenchFolder.Path("node_modules", ".code-cache"));

    /// <summary>Starts a program.</summary>
    /// <param name="start">Starts it.</param>
    /// <param name="usesCache">Whether with machine code from the cache.</param>
    public static EmscriptenWork Start(Func<Task<Func<Task<int>>>> start, bool usesCache)
    {
        NpmProgram.Engine = new Engine(new EngineOptions { IsCollectible = false, CodeCache = usesCache ? Cache : null });
        return new EmscriptenWork(start().GetAwaiter().GetResult());
    }

    /// <summary>Does that in a process of its own.</summary>
    /// <exception cref="BenchException">It failed.</exception>
    public static Task RunFillAsync(string name) => Launch.Own(FillOption, name).RunAsync($"filling the cache of code for {name}");

    /// <summary>Puts machine code of what a program needs for its start and its work into the cache, where that is not there yet.</summary>
    /// <exception cref="BenchException">There is no compiler for it.</exception>
    public static async Task<int> FillCacheAsync(string name)
    {
        var compiler = NativeCompiler.Find() ?? throw new BenchException("crossgen2 was not found, which makes machine code for the cache: docs/compiling-ahead.md tells how to get it.");
        Start(EmscriptenPrograms.All.Single(program => program.Name == name).StartAsync, usesCache: true).Round();
        foreach (var program in await EmscriptenPrograms.LoadedAsync(name))
        {
            if (program.Module.IsCodeCacheBehind)
                await program.Module.FillCodeCacheAsync(compiler);
        }

        return 0;
    }

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var result = work().GetAwaiter().GetResult();
        return new Measurement(Stopwatch.GetElapsedTime(start).TotalMilliseconds, Checksum: result);
    }
}
