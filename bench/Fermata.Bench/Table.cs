using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fermata.Bench;

/// <summary>Rows as people read them, and programs.</summary>
internal static class Table
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly EngineKind[] Others = [EngineKind.V8, EngineKind.Wasmtime, EngineKind.Native];

    private const int TextColumns = 2;

    /// <summary>The columns' heads and widths on the console; the first two columns are of text.</summary>
    private static readonly (string Head, int Width)[] Columns =
    [
        ("", 32), ("", 9), ("Fermata", 15), ("bare", 9), ("V8", 15), ("Wasmtime", 15), ("native", 9), ("/ V8", 8), ("/ Wasmtime", 11), ("/ native", 9),
    ];

    /// <summary>The heads of the columns as a line of the console.</summary>
    public static string ConsoleHead => Pad(Columns.Select(column => column.Head));

    /// <summary>A row as a line of the console.</summary>
    public static string ConsoleLine(Row row) => Pad(Cells(row));

    /// <summary>Rows as a table of Markdown, with the columns in which there is something.</summary>
    public static string Markdown(IEnumerable<Row> rows)
    {
        string[][] lines = [.. rows.Select(row => Cells(row).ToArray())];
        int[] used = [.. Enumerable.Range(0, Columns.Length).Where(column => column < TextColumns || lines.Any(line => line[column].Length > 0))];
        return string.Join('\n',
        [
            Pipes(used.Select(column => Columns[column].Head)),
            "|-|-|" + string.Concat(Enumerable.Repeat("-:|", used.Length - TextColumns)),
            .. lines.Select(line => Pipes(used.Select(column => column == 0 ? $"`{line[column]}`" : line[column]))),
        ]) + "\n";
    }

    /// <summary>Rows as an array of JSON.</summary>
    public static string Json(IEnumerable<Row> rows) => new JsonArray([.. rows.Select(row => row.ToJson())]).ToJsonString(Indented) + "\n";

    /// <summary>A figure with as many digits as it takes to compare it.</summary>
    public static string Number(double value) => value.ToString(value switch { < 1 => "0.00", < 100 => "0.0", _ => "#,0" });

    private static IEnumerable<string> Cells(Row row) =>
    [
        row.Benchmark.Name,
        row.Benchmark.Measure == Measure.Processor ? $"{row.Benchmark.Unit} cpu" : row.Benchmark.Unit,
        WithSpread(row[EngineKind.Fermata]),
        Median(row[EngineKind.Bare]),
        WithSpread(row[EngineKind.V8]),
        WithSpread(row[EngineKind.Wasmtime]),
        Median(row[EngineKind.Native]),
        .. Others.Select(other => row.RatioTo(other)?.ToString("0.00") ?? ""),
    ];

    private static string Median(Summary? summary) => summary is null ? "" : Number(summary.Median);

    private static string WithSpread(Summary? summary) => summary is null ? "" : $"{Number(summary.Median)} ±{summary.Spread * 50:0} %";

    private static string Pipes(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Pad(IEnumerable<string> cells) =>
        string.Concat(cells.Select((cell, i) => i < 2 ? cell.PadRight(Columns[i].Width) : cell.PadLeft(Columns[i].Width))).TrimEnd();
}
