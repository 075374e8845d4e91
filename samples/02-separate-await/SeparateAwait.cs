namespace Fermata.Samples;

/// <summary>The host of separate-await.c: C starts two operations and waits for them later.</summary>
public static class SeparateAwait
{
    public static async Task RunAsync(SampleConsole console)
    {
        var engine = new Engine();
        using var store = new Store(engine);
        var linker = new Linker(engine);
        console.DefineLog(linker);

        var running = 0;
        async Task<int> Sleep(int milliseconds, int value)
        {
            console.Host($"sleep of {milliseconds} ms is started, running now: {Interlocked.Increment(ref running)}");
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), console.Time);
            Interlocked.Decrement(ref running);
            return value;
        }

        // Any .NET object can be an externref. Returned as an object, the task is not waited for: C gets it as it is.
        linker.Define("env", "startSleep", object (int milliseconds, int value) => Sleep(milliseconds, value));

        // C hands a task back. Returned as a task, it is waited for.
        linker.Define("env", "awaitInt", (Task<int> task) => task);

        // The same with a result that may be anything.
        linker.Define("env", "awaitExternRef", async Task<object> (Task<int> task) => await task);
        linker.Define("env", "externRefToInt", (object value) => (int)value);

        var instance = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("02-separate-await/separate-await.wasm")));
        var addTwo = instance.GetFunction<Func<Task<int>>>("addTwo");
        var addTwoGeneral = instance.GetFunction<Func<Task<int>>>("addTwoGeneral");
        await console.Report("addTwo()", addTwo());
        await console.Report("addTwoGeneral()", addTwoGeneral());
    }
}
