namespace Fermata.Samples;

/// <summary>
/// Sample 03 again; here the host takes each call's part of the C stack away while the call waits. It uses nothing that other engines
/// do not have, at the price of a copy for every wait and a small module around it (around-wait.wat).
/// </summary>
public static class SimpleFix
{
    public static async Task RunAsync(SampleConsole console)
    {
        var engine = new Engine();
        using var store = new Store(engine, new StoreOptions { ShadowStack = ShadowStackPolicy.None });
        var linker = new Linker(engine);
        console.DefineLog(linker);
        var calls = new InterleavedCalls(console);

        // To the module in between, a slice of the stack is an externref.
        CStack? stack = null;
        linker.Define("host", "waitForGate", calls.WaitForGate);
        linker.Define("host", "saveStack", () => stack!.TakeAway());
        linker.Define("host", "restoreStack", (CStack.Slice slice) => stack!.PutBack(slice));
        var aroundWait = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("04-simple-fix/around-wait.wasm")));

        // Its waitForGate is the one that the program imports. A wait suspends both instances as if they were one.
        linker.DefineInstance("env", aroundWait);
        var guest = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("03-reentrancy-trouble/reentrancy.wasm")));
        stack = new CStack(guest);
        await calls.RunAsync(guest);
    }
}
