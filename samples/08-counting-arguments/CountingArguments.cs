namespace Fermata.Samples;

/// <summary>The host of counting.c and count-args.wat, linked as two instances and merged into one module.</summary>
public static class CountingArguments
{
    public static async Task RunAsync(SampleConsole console)
    {
        var engine = new Engine();
        using var store = new Store(engine);

        console.Host("linked as two instances");
        var linker = NewLinker(engine, console);
        var counter = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("08-counting-arguments/count-args.wasm")));

        // The C program imports the question and the table that it is about.
        linker.DefineInstance("env", counter);
        var program = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("08-counting-arguments/counting.wasm")));
        await CallHandlers(program, console);

        console.Host("merged into one module");
        var merged = Module.LoadFile(engine, SampleFiles.PathOf("08-counting-arguments/merged.wasm"));
        await CallHandlers(NewLinker(engine, console).Instantiate(store, merged), console);
    }

    private static Linker NewLinker(Engine engine, SampleConsole console)
    {
        var linker = new Linker(engine);
        console.DefineLog(linker);
        linker.Define("env", "awaitAsyncHttpRequest", console.HttpRequest);
        return linker;
    }

    private static async Task CallHandlers(Instance instance, SampleConsole console)
    {
        var callHandler = instance.GetFunction<Func<int, int, int, Task<int>>>("callHandler");
        for (var index = 0; index < 4; index++)
            await console.Report($"callHandler({index}, 20, 22)", callHandler(index, 20, 22));
    }
}
