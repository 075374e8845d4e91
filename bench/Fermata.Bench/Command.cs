using System.Globalization;

namespace Fermata.Bench;

/// <summary>The command line.</summary>
internal static class Command
{
    private const string Help = """
        Runs the same WebAssembly modules in Fermata and in Node, a round in one after a round in the other, and compares.

        Usage: dotnet run -c Release --project bench/Fermata.Bench -- [OPTIONS]
               dotnet run -c Release --project bench/Fermata.Bench -- snapshot [OPTIONS]
               dotnet run -c Release --project bench/Fermata.Bench -- park [--count N] [--depth N]
               dotnet run -c Release --project bench/Fermata.Bench -- sockets [--count N]
               dotnet run -c Release --project bench/Fermata.Bench -- tiers

          --quick           few rounds, and not the largest programs: under 90 s in all
          --only NAME       this benchmark only, or this group (kernels, programs, starts, emscripten, python, snapshots, calls); may be given several times
          --json FILE       also write the rows, as a JSON array, to a file
          --markdown FILE   also write them as a table of Markdown
          --docs            also write the tables and plots of docs/performance.md
          --help            this text

        snapshot is --only snapshots: stores that are written to snapshots, and restored.

        park has N calls (a million) of one instance wait at once, each some activations deep (10), has them go on in random order, checks
        the results, and tells the memory, the time and the threads that it took.

        sockets has N WASI programs (10,000) wait in poll_oneoff, each in a store of its own and for a connection to another process, and tells the same.

        tiers runs the large programs, and tells how many of their methods .NET's compiler has left without optimisation (MinOpts), as it does where they are too long.

        The first run installs what bench/package.json names, with npm, and compiles the kernels; fermata is published with machine code when its sources have changed. See bench/README.md for what the rows mean.

        Benchmarks:
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            if (arguments is [RoundServer.Option, var engine, var name])
                return await RoundServer.RunAsync(Catalogue.Find(name).Single(), Enum.Parse<EngineKind>(engine));
            if (arguments is [WasmtimeProgram.Option, var description])
                return WasmtimeProgram.Run(description);
            if (arguments is ["park", ..])
            {
                await new Park(ParkOptions.Parse(arguments.AsSpan(1))).RunAsync();
                return 0;
            }

            if (arguments is [EmscriptenWork.FillOption, var program])
                return await EmscriptenWork.FillCacheAsync(program);
            if (arguments is [SocketServer.Option, var count])
                return await SocketServer.RunAsync(int.Parse(count, CultureInfo.InvariantCulture));
            if (arguments is ["sockets", ..])
            {
                await SocketGuests.Parse(arguments.AsSpan(1)).RunAsync();
                return 0;
            }

            if (arguments is ["tiers"])
                return await Tiers.RunAsync() == 0 ? 0 : 1;

            var options = BenchOptions.Parse(arguments is ["snapshot", .. var rest] ? ["--only", "snapshots", .. rest] : arguments);
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
        await Installation.EnsureAsync();
        Programs.EnsureFiles();
        await KernelBuild.EnsureAsync(Kernels.All);
        if (options.Benchmarks.Any(benchmark => benchmark.RunsTool))
            await PackedTool.Current.EnsureAsync();
        Console.WriteLine(Machine.Description);
        Console.WriteLine(string.Join(", ", Machine.Engines));
        Console.WriteLine();
        Console.WriteLine(Table.ConsoleHead);
        var rows = new List<Row>();
        try
        {
            foreach (var benchmark in options.Benchmarks)
            {
                Add(rows, await Comparison.RunAsync(benchmark, options));
                if (Derived.PeakOf(rows[^1]) is { } peak)
                    Add(rows, peak);
                if (benchmark == options.Benchmarks.LastOrDefault(entry => entry.Group == Group.Kernels))
                    Derived.MeansOf([.. rows]).ToList().ForEach(row => Add(rows, row));
            }
        }
        finally
        {
            // What was measured before a failure is kept.
            if (options.JsonFile is { } json)
                await File.WriteAllTextAsync(json, Table.Json(rows));
            if (options.MarkdownFile is { } markdown)
                await File.WriteAllTextAsync(markdown, Table.Markdown(rows));
            if (options.WritesDocuments)
                await Documents.WriteAsync(rows, options.IsQuick);
        }
    }

    private static void Add(List<Row> rows, Row row)
    {
        rows.Add(row);
        Console.WriteLine(Table.ConsoleLine(row));
        if (row.Results[EngineKind.Fermata].Managed is { } managed)
            Console.WriteLine($"  of Fermata's, managed: {Table.Number(managed)}");
        if (row.Results[EngineKind.Fermata].Copied is { } copied)
            Console.WriteLine($"  bytes of C stack copied: {Table.Number(copied)}");
    }
}
