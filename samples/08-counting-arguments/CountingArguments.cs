namespace Fermata.Samples;

/// <summary>The host of counting.c, which tells how many arguments a function takes, or leaves that to a module that is merged in.</summary>
public static class CountingArguments
{
    public static async Task RunAsync(SampleConsole console)
    {
        var engine = new Engine();
        using var store = new Store(engine);
        var functions = new Table(store, new TableType(ValType.FuncRef, new Limits(16, null)));
        var linker = new Linker(engine);
        console.DefineLog(linker);
        linker.Define("env", "awaitAsyncHttpRequest", console.HttpRequest);

        // The program's table of functions is the host's, and each of them knows its type.
        linker.Define("env", "__indirect_function_table", functions);
        linker.Define("env", "countArgs", (int pointer) =>
            functions.Get<Function>(pointer)?.Type.Parameters is { } parameters && parameters.All(type => type == ValType.I32) ? parameters.Count : -1);

        foreach (var (file, explanation) in new[] { ("counting", "the host counts"), ("merged", "a module that is merged in counts") })
        {
            console.Host(explanation);
            var callHandler = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf($"08-counting-arguments/{file}.wasm")))
                .GetFunction<Func<int, int, int, Task<int>>>("callHandler");
            for (var index = 0; index < 4; index++)
                await console.Report($"callHandler({index}, 20, 22)", callHandler(index, 20, 22));
        }
    }
}
