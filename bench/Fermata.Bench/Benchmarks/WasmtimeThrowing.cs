using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Fermata.Bench;

/// <summary>The same as <see cref="Throwing"/> in Wasmtime.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as its process.")]
internal sealed class WasmtimeThrowing : IBenchmark
{
    private readonly Wasmtime.Engine _engine = new(new Wasmtime.Config().WithExceptions(true));
    private readonly Wasmtime.Store _store;
    private readonly Func<int, int, int> _function;
    private readonly int _times;
    private readonly int _depth;

    public WasmtimeThrowing(string export, int times, int depth)
    {
        (_times, _depth) = (times, depth);
        _store = new Wasmtime.Store(_engine);
        var module = Wasmtime.Module.FromFile(_engine, BenchFolder.Path("modules", "throw.wasm"));
        _function = new Wasmtime.Instance(_store, module).GetFunction<int, int, int>(export)!;
    }

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var result = _function(_times, _depth);
        var elapsed = Stopwatch.GetElapsedTime(start);
        Guest.Expect(result, _times);
        return new Measurement(elapsed.TotalNanoseconds / _times / Math.Max(_depth, 1));
    }
}
