namespace Fermata.Wasi.Tests;

/// <summary>What a program is given when it starts, and what it leaves when it ends.</summary>
public sealed class ProcessTests
{
    [NpmTheory]
    [InlineData("environment")]
    [InlineData("clocks")]
    [InlineData("random_numbers")]
    [InlineData("giving_way")]
    [InlineData("signals_that_end_nothing")]
    public async Task A_case_ends_well(string name) => Assert.Equal((0, ""), await RunAsync(name, []));

    [NpmFact]
    public async Task Arguments_reach_the_program() => Assert.Equal((0, ""), await RunAsync("arguments", ["one two", "", "ä"]));

    [NpmTheory]
    [InlineData("exit_with_33", 33, "")]
    [InlineData("exit_with_minus_1", -1, "")]
    [InlineData("exit_with_134", 134, "")]
    [InlineData("exit_with_3_after_writing", 3, "written")]
    public async Task A_program_ends_with_its_exit_code(string name, int code, string output) => Assert.Equal((code, output), await RunAsync(name, []));

    [NpmFact]
    public async Task Abort_is_a_trap()
    {
        var trap = await Assert.ThrowsAsync<TrapException>(() => RunAsync("abort_traps", []));
        Assert.Equal(TrapKind.Unreachable, trap.Kind);
        Assert.Contains("abort", trap.Message, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(string name, string[] arguments)
    {
        var output = new StringWriter();
        var builder = new WasiBuilder()
            .WithArguments([name, .. arguments])
            .WithEnvironment("a", "text")
            .WithEnvironment("b", "foo=bar")
            .WithEnvironment("empty", "")
            .WithOutput(output)
            .WithError(output);
        return (await GuestPrograms.Find("process").RunAsync(builder), output.ToString());
    }
}
