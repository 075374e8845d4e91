namespace Fermata.Samples;

/// <summary>The host of weather.c: a C program with a main, which prints with printf, waits in the middle, and exits.</summary>
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

        linker.Define("env", "logCaught", () => console.Host("the exit was caught"));
        linker.DefineInstance("program", linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("10-libc/weather.wasm"))));
        var run = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("10-libc/cautious.wasm"))).GetFunction<Func<Task>>("run");
        try
        {
            await run();
        }
        catch (WasmExitException exit)
        {
            console.Host($"the program has ended with exit code {exit.ExitCode}");
        }
    }
}
