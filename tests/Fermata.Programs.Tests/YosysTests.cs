using System.Text.Json;
using System.Text.RegularExpressions;

namespace Fermata.Programs.Tests;

public sealed class YosysTests(YosysTests.Program program) : IClassFixture<YosysTests.Program>
{
    [NpmFact(IsHeavy = true)]
    public async Task Synthesises_a_counter() => await SynthesiseAsync(suspendsEverywhere: false);

    [NpmFact(IsLong = true)]
    public async Task Suspended_at_every_call() => await SynthesiseAsync(suspendsEverywhere: true);

    /// <summary>The netlist has the names and the hash that Yosys gives under Node; four flip-flops with reset are what matters.</summary>
    private async Task SynthesiseAsync(bool suspendsEverywhere)
    {
        var work = new MemoryFileSystem();
        work.AddText("counter.v", """
            module counter(input clk, input rst, output reg [3:0] q);
              always @(posedge clk) if (rst) q <= 0; else q <= q + 1;
            endmodule
            """);
        var share = new MemoryFileSystem();
        share.AddText("techmap.v", await ReadResourceAsync("techmap.v"));
        var builder = program.NewBuilder().WithDirectory("/share", share).WithDirectory("/tmp", new MemoryFileSystem());
        Assert.Equal(new Outcome(0, "", ""), await program.RunInAsync(work, suspendsEverywhere, builder));
        var lines = work.ReadText("counter.blif").Split('\n');
        Assert.Equal(
            [
                ".subckt $_SDFF_PP0_ C=clk D=$auto$alumacc.cc:495:replace_alu$9.X[0] Q=q[0] R=rst",
                ".subckt $_SDFF_PP0_ C=clk D=$auto$alumacc.cc:495:replace_alu$9.Y[1] Q=q[1] R=rst",
                ".subckt $_SDFF_PP0_ C=clk D=$auto$alumacc.cc:495:replace_alu$9.Y[2] Q=q[2] R=rst",
                ".subckt $_SDFF_PP0_ C=clk D=$auto$alumacc.cc:495:replace_alu$9.Y[3] Q=q[3] R=rst",
            ],
            lines.Where(line => line.StartsWith(".subckt", StringComparison.Ordinal)));
        Assert.Equal(39, lines.Length);
    }

    /// <summary>A file that the package has as a string of JavaScript.</summary>
    private static async Task<string> ReadResourceAsync(string name)
    {
        var resources = await File.ReadAllTextAsync(NpmProgram.Packages["@yowasp/yosys", Path.Combine("gen", "resources-yosys.js")]);
        return JsonSerializer.Deserialize<string>(StringFor(name).Match(resources).Groups[1].ValueSpan)!;
    }

    private static Regex StringFor(string name) => new($"\"{Regex.Escape(name)}\": (\"(?:[^\"\\\\]|\\\\.)*\")");

    public sealed class Program() : NpmProgram("yosys");
}
