namespace Fermata.Cli.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_arguments_the_commands_are_listed()
    {
        var (exitCode, output, error) = _folder.Run();

        Assert.Equal((0, ""), (exitCode, error));
        foreach (var command in new[] { "run", "validate", "inspect", "wasm", "merge", "wast" })
            Assert.Contains($"\n  {command} ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    [InlineData("inspect")]
    [InlineData("wasm")]
    [InlineData("merge")]
    [InlineData("wast")]
    public void Every_command_has_help(string command)
    {
        var (exitCode, output, error) = _folder.Run(command, "--help");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains($"Usage:\n  fermata {command} ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frob", "'frob'", "'fermata --help'")]
    [InlineData("run", "'FILE'", "'fermata run --help'")]
    [InlineData("validate", "'FILE'", "'fermata validate --help'")]
    [InlineData("inspect a.wasm --everything", "'--everything'", "'fermata inspect --help'")]
    [InlineData("wasm a.wat b.wat", "'b.wat'", "'fermata wasm --help'")]
    [InlineData("merge a.wat a b.wat -o c.wasm", "'b.wat' has no NAME", "'fermata merge --help'")]
    [InlineData("merge a.wat a", "'--output'", "'fermata merge --help'")]
    [InlineData("merge -o c.wasm", "'FILE NAME'", "'fermata merge --help'")]
    [InlineData("run a.wat 1", "'1'", "'fermata run --help'")]
    [InlineData("run a.wat --invoke", "'--invoke'", "'fermata run --help'")]
    public void A_wrong_command_line_is_refused_with_the_way_to_help(string line, string problem, string help)
    {
        var (exitCode, output, error) = _folder.Run(line.Split(' '));

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("fermata: ", error, StringComparison.Ordinal);
        Assert.Contains(problem, error, StringComparison.Ordinal);
        Assert.EndsWith($"Try {help}.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_name_may_begin_with_an_at_sign()
    {
        var (exitCode, _, error) = _folder.Run("inspect", "@nothing.wasm");

        Assert.Equal((1, "fermata: @nothing.wasm: there is no such file.\n"), (exitCode, error));
    }
}
