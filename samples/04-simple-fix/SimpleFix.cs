namespace Fermata.Samples;

/// <summary>
/// Sample 03 again; here the host takes each call's part of the C stack away while the call waits, at the price of a copy for every wait. The import has two
/// steps: what has to happen right before the call goes on, while nothing else can run on the instance, is the second one.
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
        CStack? stack = null;
        linker.Define(
            "env",
            "waitForGate",
            async (int gate) =>
            {
                var slice = stack!.TakeAway();
                await calls.WaitForGate(gate);
                return slice;
            },
            (CStack.Slice slice, int gate) => stack!.PutBack(slice));
        var guest = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("03-reentrancy-trouble/reentrancy.wasm")));
        stack = new CStack(guest);
        await calls.RunAsync(guest);
    }
}
