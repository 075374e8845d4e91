namespace Fermata.Samples;

/// <summary>The host of cast.c: a function called through a pointer with one argument too many traps.</summary>
public static class FunctionPointerCast
{
    public static Task RunAsync(SampleConsole console)
    {
        var engine = new Engine();
        using var store = new Store(engine);
        var linker = new Linker(engine);
        console.DefineLog(linker);
        var instance = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("06-function-pointer-cast/cast.wasm")));

        // Nothing waits here, so a synchronous delegate will do.
        var callHandler = instance.GetFunction<Func<int, int, int, int>>("callHandler");
        for (var index = 0; index < 2; index++)
        {
            try
            {
                console.Host($"callHandler({index}, 20, 22) = {callHandler(index, 20, 22)}");
            }
            catch (TrapException trap)
            {
                // The first line says what happened, the others where.
                console.Host($"callHandler({index}, 20, 22) trapped: {trap.Kind}");
            }
        }

        return Task.CompletedTask;
    }
}
