namespace Fermata.Samples;

/// <summary>The host of reentrancy.c: calls that wait share the C stack, and with the policy None they overwrite each other.</summary>
public static class ReentrancyTrouble
{
    public static async Task RunAsync(SampleConsole console)
    {
        var engine = new Engine();

        // This is how other engines treat the C stack: not at all.
        using var store = new Store(engine, new StoreOptions { ShadowStack = ShadowStackPolicy.None });
        var linker = new Linker(engine);
        console.DefineLog(linker);
        var calls = new InterleavedCalls(console);
        linker.Define("env", "waitForGate", calls.WaitForGate);

        var guest = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("03-reentrancy-trouble/reentrancy.wasm")));
        await calls.RunAsync(guest);
    }
}
