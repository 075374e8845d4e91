namespace Fermata.Samples;

/// <summary>The host of weather.c: a C program with a main, which prints with printf and waits in the middle.</summary>
public static class Libc
{
    private static readonly Dictionary<string, int> Temperatures = new() { ["Oslo"] = -4, ["Lisbon"] = 17, ["Nairobi"] = 24, ["Reykjavik"] = 2 };

    public static async Task RunAsync(SampleConsole console)
    {
        var engine = new Engine();
        using var store = new Store(engine);
        var linker = new Linker(engine);
        new PrintingWasi(console).DefineIn(linker);
        linker.Define("env", "fetchTemperature", async (Caller caller, int address) =>
        {
            var city = caller.Memory.ReadUtf8(address);
            await Task.Delay(TimeSpan.FromMilliseconds(200), console.Time);
            console.Host($"{city} answers");
            return Temperatures[city];
        });

        var instance = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("10-libc/weather.wasm")));
        var main = instance.GetFunction<Func<Task>>("_start");
        await main();
        console.Host("main has returned");
    }
}
