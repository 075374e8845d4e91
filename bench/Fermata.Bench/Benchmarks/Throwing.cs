using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>Exceptions that leave some activations before they are caught.</summary>
/// <param name="function">Throws and catches them, in some engine.</param>
/// <param name="times">How many exceptions a round has.</param>
/// <param name="depth">How many activations each leaves, besides the one that throws it.</param>
internal sealed class Throwing(Func<int, int, int> function, int times, int depth) : IBenchmark
{
    /// <param name="export">What the activations do.</param>
    /// <param name="times">How many exceptions a round has.</param>
    /// <param name="depth">How many activations each leaves.</param>
    public static Throwing InFermata(string export, int times, int depth) =>
        new(Guest.Instantiate("throw", EngineOptions.Default).GetFunction<Func<int, int, int>>(export), times, depth);

    /// <summary>The same in Wasmtime; engine and store live as long as the process.</summary>
    /// <param name="export">What the activations do.</param>
    /// <param name="times">How many exceptions a round has.</param>
    /// <param name="depth">How many activations each leaves.</param>
    public static Throwing InWasmtime(string export, int times, int depth)
    {
        var engine = new Wasmtime.Engine(new Wasmtime.Config().WithExceptions(true));
        var module = Wasmtime.Module.FromFile(engine, BenchFolder.Path("modules", "throw.wasm"));
        return new(new Wasmtime.Instance(new Wasmtime.Store(engine), module).GetFunction<int, int, int>(export)!, times, depth);
    }

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var result = function(times, depth);
        var elapsed = Stopwatch.GetElapsedTime(start);
        Guest.Expect(result, times);
        return new Measurement(elapsed.TotalNanoseconds / times / Math.Max(depth, 1));
    }
}
