using System.Text.RegularExpressions;

namespace Fermata.Bench;

/// <summary>
/// The tables and plots of <c>docs/performance.md</c>. A table stands between <c>&lt;!-- bench:NAME --&gt;</c> and <c>&lt;!-- /bench:NAME --&gt;</c>, and is replaced if
/// rows for it were measured.
/// </summary>
internal static class Documents
{
    private static readonly string Folder = BenchFolder.Path("..", "docs");

    /// <summary>Writes what can be written of some rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="isQuick">Whether they have few rounds.</param>
    public static async Task WriteAsync(IReadOnlyList<Row> rows, bool isQuick)
    {
        var page = Path.Combine(Folder, "performance.md");
        var text = await File.ReadAllTextAsync(page);
        text = Replace(text, "machine", $"{Machine.Description}; {string.Join(", ", Machine.Engines)}; {(isQuick ? "few rounds (`--quick`)" : "all rounds")}.\n");
        foreach (var group in rows.GroupBy(row => row.Benchmark.Group))
            text = Replace(text, NameOf(group.Key), TablesOf([.. group]));
        await File.WriteAllTextAsync(page, text);

        Directory.CreateDirectory(Path.Combine(Folder, "performance"));
        foreach (var (name, chart) in ChartsOf(rows))
            await File.WriteAllTextAsync(Path.Combine(Folder, "performance", name + ".svg"), chart.ToString());
    }

    /// <summary>A text with the content between the marks of a block replaced.</summary>
    /// <exception cref="BenchException">There is no such block.</exception>
    public static string Replace(string text, string block, string content)
    {
        var (start, end) = ($"<!-- bench:{block} -->\n", $"<!-- /bench:{block} -->");
        var pattern = $"(?<={Regex.Escape(start)}).*?(?={Regex.Escape(end)})";
        return Regex.IsMatch(text, pattern, RegexOptions.Singleline)
            ? Regex.Replace(text, pattern, _ => content, RegexOptions.Singleline)
            : throw new BenchException($"the document has no lines {start.Trim()} and {end}.");
    }

    private static string NameOf(Group group) => group.ToString().ToLowerInvariant();

    /// <summary>The table, and where times on the clock are measured the same in processor time.</summary>
    private static string TablesOf(IReadOnlyList<Row> rows)
    {
        var starts = rows.Where(row => row.Benchmark.Group == Group.Starts && row.Benchmark.Measure == Measure.Clock)
            .Select(row => row with { Benchmark = row.Benchmark with { Measure = Measure.Processor } }).ToArray();
        return Table.Markdown(rows) + (starts.Length > 0 ? $"\nThe same in processor time:\n\n{Table.Markdown(starts)}" : "");
    }

    private static IEnumerable<(string Name, BarChart Chart)> ChartsOf(IReadOnlyList<Row> rows)
    {
        Row[] Of(Group group) => [.. rows.Where(row => row.Benchmark.Group == group && row.Benchmark.Measure != Measure.Memory && row[EngineKind.V8] is not null)];
        if (Of(Group.Kernels) is { Length: > 0 } kernels)
            yield return ("kernels", Ratios("Kernels: processor time, V8 = 1 (less is better)", kernels));
        if (Of(Group.Programs) is { Length: > 0 } programs)
            yield return ("programs", Ratios("Warm programs: processor time, V8 = 1 (less is better)", programs));
        if (Of(Group.Starts) is { Length: > 0 } starts)
        {
            var chart = new BarChart("Starts: milliseconds of processor time (less is better)", "Fermata", "V8", "Wasmtime");
            foreach (var row in starts)
                chart.Add(row.Benchmark.Name, Processor(row, EngineKind.Fermata), Processor(row, EngineKind.V8), Processor(row, EngineKind.Wasmtime));
            yield return ("starts", chart);
        }
    }

    private static BarChart Ratios(string title, Row[] rows)
    {
        var chart = new BarChart(title, "Fermata", "Wasmtime") { Mark = 1 };
        foreach (var row in rows)
            chart.Add(row.Benchmark.Name, row.RatioTo(EngineKind.V8), row[EngineKind.Wasmtime]?.Median / row[EngineKind.V8]?.Median);
        return chart;
    }

    private static double? Processor(Row row, EngineKind engine) => row.Results.GetValueOrDefault(engine)?.Processor?.Median;
}
