using System.Text.Json;

namespace Fermata.Bench;

/// <summary>Prints rows as they come, and writes them to a file at the end.</summary>
internal sealed class Table(string? jsonFile) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<Row> _rows = [];

    public static void WriteMachine() => Console.WriteLine($"{Machine.Processor}, {Environment.ProcessorCount} cores, {Machine.System}");

    public void Add(Row row)
    {
        if (_rows.Count == 0)
            WriteHead(row);
        _rows.Add(row);
        Console.WriteLine($"{row.Benchmark.Name,-22} {row.Benchmark.Unit,-6}{Side(row.Fermata)}{Other(row, row.V8)}");
        if (row.Wasmtime is { } wasmtime)
            Console.WriteLine($"{wasmtime.Engine,60}{Other(row, wasmtime)}");
        if (row.Fermata.Managed is { } managed)
            Console.WriteLine($"{"",-22} of Fermata's, managed: {Number(managed)}");
        if (row.Fermata.Copied is { } copied)
            Console.WriteLine($"{"",-22} bytes of C stack copied: {Number(copied)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (jsonFile is not null)
            await File.WriteAllTextAsync(jsonFile, JsonSerializer.Serialize(_rows.Select(row => row.ToJson()), Indented) + "\n");
    }

    private static void WriteHead(Row row)
    {
        Console.WriteLine(row.V8 is null ? row.Fermata.Engine : $"{row.Fermata.Engine} and {row.V8.Engine}");
        Console.WriteLine();
        const string columns = "   median  least spread    cpu";
        Console.WriteLine($"{"",29}{"Fermata",31}{"V8",31}    ratio of medians");
        Console.WriteLine($"{"",29}{columns}{columns}    clock    cpu");
    }

    private static string Other(Row row, Series? other) =>
        (other is null ? "" : Side(other) + $"{row.RatioTo(other),9:0.00}") + (row.ProcessorRatioTo(other) is { } ratio ? $"{ratio,7:0.00}" : "");

    private static string Side(Series series) =>
        $"{Number(series.Median),9}{Number(series.Minimum),7}{series.Spread,7:P0}{(series.Processor > 0 ? Number(series.Processor) : ""),7}";

    private static string Number(double value) => value.ToString(value < 100 ? "0.0" : "#,0");
}
