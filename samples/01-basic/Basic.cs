namespace Fermata.Samples;

/// <summary>The host of basic.c: synchronous C calls an async C# method and simply gets the result.</summary>
public static class Basic
{
    public static async Task RunAsync(SampleConsole console)
    {
        var engine = new Engine();
        using var store = new Store(engine);
        var linker = new Linker(engine);
        console.DefineLog(linker);

        // A delegate that returns a task is a suspending import: C that calls it stands still until the task is complete.
        linker.Define("env", "awaitAsyncHttpRequest", async (int request) =>
        {
            console.Host($"request {request} is under way");
            await Task.Delay(TimeSpan.FromSeconds(1), console.Time);
            console.Host($"response {request + 1} arrived");
            return request + 1;
        });

        var instance = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("01-basic/basic.wasm")));

        // An export whose delegate returns a task can be suspended: the call returns as soon as C has to wait.
        var fetchAndAddOne = instance.GetFunction<Func<int, Task<int>>>("fetchAndAddOne");
        var pending = fetchAndAddOne(40);
        if (!pending.IsCompleted)
            console.Host("fetchAndAddOne(40) is suspended, this thread is free");
        console.Host($"fetchAndAddOne(40) = {await pending}");
    }
}
