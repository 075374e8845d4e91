namespace Fermata.Samples;

/// <summary>The host of intrinsic.c. That C asks for the type of a function pointer makes no difference here.</summary>
public static class ClangIntrinsic
{
    public static async Task RunAsync(SampleConsole console)
    {
        var engine = new Engine();
        using var store = new Store(engine);
        var linker = new Linker(engine);
        console.DefineLog(linker);
        linker.Define("env", "awaitAsyncHttpRequest", console.HttpRequest);

        var instance = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("09-clang-intrinsic/intrinsic.wasm")));
        var callHandler = instance.GetFunction<Func<int, int, int, Task<int>>>("callHandler");
        for (var index = 0; index < 4; index++)
            await console.Report($"callHandler({index}, 20, 22)", callHandler(index, 20, 22));
    }
}
