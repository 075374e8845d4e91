using System.Diagnostics;
using Fermata.Wasi;

namespace Fermata.Bench;

/// <summary>Programs, each with a store of its own, that wait 100 ms in <c>poll_oneoff</c>, all at once: from the start of the first to the end of the last.</summary>
/// <param name="programs">How many.</param>
internal sealed class WasiSleep(int programs) : IBenchmark
{
    private readonly WasiProgram _program = new(Module.LoadFile(new Engine(), BenchFolder.Path("modules", "wasi-sleep.wasm")));
    private readonly WasiBuilder _builder = new();

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var codes = Task.WhenAll(Enumerable.Range(0, programs).Select(_ => _program.RunAsync(_builder))).GetAwaiter().GetResult();
        var elapsed = Stopwatch.GetElapsedTime(start);
        Guest.Expect(codes.Sum(), 0);
        return new Measurement(elapsed.TotalMilliseconds);
    }
}
