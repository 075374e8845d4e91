namespace Fermata.Samples;

/// <summary>
/// Sample 03 again, with a store as it is by default: the engine finds the C stack by itself, and copies a part of it only when
/// another call wants its place. There is nothing else to it.
/// </summary>
public static class FullFix
{
    public static async Task RunAsync(SampleConsole console)
    {
        var engine = new Engine();
        using var store = new Store(engine);
        var linker = new Linker(engine);
        console.DefineLog(linker);
        var calls = new InterleavedCalls(console);
        linker.Define("env", "waitForGate", calls.WaitForGate);

        var guest = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("03-reentrancy-trouble/reentrancy.wasm")));
        await calls.RunAsync(guest);
    }
}
