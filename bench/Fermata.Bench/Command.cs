using System.Globalization;

namespace Fermata.Bench;

/// <summary>The command line.</summary>
internal static class Command
{
    private const string Help = """
        Runs the same WebAssembly modules in Fermata and in Node, a round in one after a round in the other, and compares.

        Usage: dotnet run -c Release --project bench/Fermata.Bench -- [OPTIONS]
               dotnet run -c Release --project bench/Fermata.Bench -- park [--count N] [--depth N]
               dotnet run -c Release --project bench/Fermata.Bench -- sockets [--count N]

          --quick        few rounds: under a minute in all
          --only NAME    this benchmark only; may be given several times
          --json FILE    also write the rows, as a JSON array, to a file
          --help         this text

        park has N calls (a million) of one instance wait at once, each some activations deep (10), has them go on in random order, checks
        the results, and tells the memory, the time and the threads that it took.

        sockets has N WASI programs (10,000) wait in poll_oneoff, each in a store of its own and for a connection to another process, and tells the same.

        The first run installs the Node that bench/package.json names, with npm. See bench/README.md for what the rows mean.

        Benchmarks:
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            if (arguments is [RoundServer.Option, var name])
                return await RoundServer.RunAsync(Catalogue.Find(name));
            if (arguments is [RoundServer.WasmtimeOption, var sameName])
                return await RoundServer.RunInWasmtimeAsync(Catalogue.Find(sameName));
            if (arguments is ["park", ..])
            {
                await new Park(ParkOptions.Parse(arguments.AsSpan(1))).RunAsync();
                return 0;
            }

            if (arguments is [SocketServer.Option, var count])
                return await SocketServer.RunAsync(int.Parse(count, CultureInfo.InvariantCulture));
            if (arguments is ["sockets", ..])
            {
                await SocketGuests.Parse(arguments.AsSpan(1)).RunAsync();
                return 0;
            }

            var options = BenchOptions.Parse(arguments);
            if (options.Help)
            {
                Console.WriteLine(Help);
                foreach (var entry in Catalogue.All)
                    Console.WriteLine($"  {entry.Name,-22} {entry.Unit,-6} {entry.Description}");
                return 0;
            }

            await CompareAsync(options);
            return 0;
        }
        catch (BenchException exception)
        {
            await Console.Error.WriteLineAsync("fermata bench: " + exception.Message);
            return 1;
        }
    }

    private static async Task CompareAsync(BenchOptions options)
    {
        var node = options.Benchmarks.Any(benchmark => benchmark.IsInV8) ? await NodeInstallation.FindOrInstallAsync() : null;
        await using var table = new Table(options.JsonFile);
        Table.WriteMachine();
        foreach (var benchmark in options.Benchmarks)
            table.Add(await Comparison.RunAsync(benchmark, benchmark.IsInV8 ? node : null, options.RoundsOf(benchmark), options.TimeLimit));
    }
}
