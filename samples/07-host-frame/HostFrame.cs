namespace Fermata.Samples;

/// <summary>The host of trampoline.c: it calls back into the guest with as many arguments as the function really takes.</summary>
public static class HostFrame
{
    public static async Task RunAsync(SampleConsole console)
    {
        var engine = new Engine();
        using var store = new Store(engine);
        var linker = new Linker(engine);
        console.DefineLog(linker);
        linker.Define("env", "awaitAsyncHttpRequest", console.HttpRequest);
        linker.Define("env", "trampoline", (Caller caller, int pointer, int a, int b) =>
        {
            var callee = (Function)caller.GetTable("__indirect_function_table").Get(pointer)!;
            var count = callee.Type.Parameters.Count;
            console.Host($"trampoline calls a function of {count} argument{(count == 1 ? "" : "s")}");
            Value[] arguments = [a, b];
            return callee.Invoke(arguments.AsSpan(0, count))[0].AsI32();
        });

        var instance = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("07-host-frame/trampoline.wasm")));
        var callHandler = instance.GetFunction<Func<int, int, int, Task<int>>>("callHandler");
        for (var index = 0; index < 3; index++)
        {
            var call = $"callHandler({index}, 20, 22)";
            try
            {
                await console.Report(call, callHandler(index, 20, 22));
            }
            catch (SuspendException exception)
            {
                // The trampoline is C# that runs now; only WebAssembly can be put aside. The request was not even sent.
                console.Host($"{call} cannot be suspended: the host function {exception.HostFunction} is in between");
            }
        }
    }
}
