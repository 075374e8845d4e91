using System.Text.Json.Nodes;

namespace Fermata.Bench.Tests;

public class TableTests
{
    private static readonly Row Sha = Rounds.Row(
        "sha256", Group.Kernels, (EngineKind.Fermata, [60, 80, 100]), (EngineKind.V8, [40, 40, 40]), (EngineKind.Wasmtime, [100, 100, 100])) with
    { Checksum = -5 };

    [Fact]
    public void A_line_of_the_console_has_medians_spreads_and_ratios_under_their_heads()
    {
        var line = Table.ConsoleLine(Sha);

        Assert.Equal("sha256                          ms cpu        40.0 ±13 %               20.0 ±0 %      50.0 ±0 %             2.00       0.80", line);
        Assert.Equal(Table.ConsoleHead.IndexOf("/ V8", StringComparison.Ordinal), line.IndexOf("2.00", StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_of_Markdown_has_a_cell_for_each_head_with_something_below_it() => Assert.Equal(
        """
        |  |  | Fermata | V8 | Wasmtime | / V8 | / Wasmtime |
        |-|-|-:|-:|-:|-:|-:|
        | `sha256` | ms cpu | 40.0 ±13 % | 20.0 ±0 % | 50.0 ±0 % | 2.00 | 0.80 |

        """,
        Table.Markdown([Sha]));

    [Fact]
    public void A_row_of_JSON_has_what_scripts_look_for()
    {
        var row = JsonNode.Parse(Table.Json([Sha]))!.AsArray().Single()!;

        Assert.Equal(
            """{"name":"sha256","unit":"ms","measure":"processor","fermata":40,"bare":null,"v8":20,"wasmtime":50,"native":null,"ratio":2,"ratio_wasmtime":0.8,""",
            row.ToJsonString()[..143]);
        Assert.Equal(-5, row["checksum"]!.GetValue<int>());
        Assert.Equal(0.25, row["spread"]!["fermata"]!.GetValue<double>());
        Assert.Equal(80, row["clock"]!["fermata"]!.GetValue<double>());
    }

    [Fact]
    public void Memory_has_no_processor_time()
    {
        var entry = new BenchmarkEntry("park", "bytes", "memory") { Measure = Measure.Memory };
        var row = new Row(entry, new Dictionary<EngineKind, Result> { [EngineKind.Fermata] = Result.Of([new Measurement(1208, 3, Managed: 1000)], Measure.Memory) });

        var json = row.ToJson();

        Assert.Equal(1208, json["fermata"]!.GetValue<double>());
        Assert.Equal(1000, json["managed"]!.GetValue<double>());
        Assert.False(json.ContainsKey("processor"));
        Assert.Null(json["v8"]);
    }
}
