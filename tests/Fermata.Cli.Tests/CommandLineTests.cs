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
        foreach (var command in new[] { "run", "validate", "inspect", "wasm", "merge", "wast", "mcp" })
            Assert.Contains($"\n  {command} ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    [InlineData("inspect")]
    [InlineData("wasm")]
    [InlineData("merge")]
    [InlineData("wast")]
    [InlineData("python")]
    [InlineData("mcp")]
    public void Every_command_has_help(string command)
    {
        var (exitCode, output, error) = _folder.Run(command, "--help");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains($"Usage:\n  fermata {command} ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "run [options] <FILE> [<ARGS>...]")]
    [InlineData("python", "python [options] [<PROGRAM>...]")]
    [InlineData("mcp", "mcp [options]")]
    public void Options_stand_before_what_is_run(string command, string usage) =>
        Assert.Contains($"Usage:\n  fermata {usage}\n", _folder.Run(command, "--help").Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("frob", "'frob'", "'fermata --help'")]
    [InlineData("run", "'FILE'", "'fermata run --help'")]
    [InlineData("validate", "'FILE'", "'fermata validate --help'")]
    [InlineData("inspect a.wasm --everything", "'--everything'", "'fermata inspect --help'")]
    [InlineData("wasm a.wat b.wat", "'b.wat'", "'fermata wasm --help'")]
    [InlineData("merge a.wat a b.wat -o c.wasm", "'b.wat' has no NAME", "'fermata merge --help'")]
    [InlineData("merge a.wat a", "'--output'", "'fermata merge --help'")]
    [InlineData("merge -o c.wasm", "'FILE NAME'", "'fermata merge --help'")]
    [InlineData("run --invoke", "'--invoke'", "'fermata run --help'")]
    [InlineData("run --frob a.wat", "unknown option '--frob'", "'fermata run --help'")]
    [InlineData("run --frob=1 a.wat", "unknown option '--frob=1'", "'fermata run --help'")]
    [InlineData("run --timeout soon a.wat", "'soon' is not what --timeout takes", "'fermata run --help'")]
    [InlineData("run --timeout 0 a.wat", "'0' is not what --timeout takes", "'fermata run --help'")]
    [InlineData("run --timeout 50d a.wat", "'50d' is not what --timeout takes", "'fermata run --help'")]
    [InlineData("run --fuel -1 a.wat", "'-1' is not what --fuel takes", "'fermata run --help'")]
    [InlineData("run --max-memory 1T a.wat", "'1T' is not what --max-memory takes", "'fermata run --help'")]
    [InlineData("run --dir ::/ a.wat", "'::/' is not what --dir takes", "'fermata run --help'")]
    [InlineData("run --dir :ro a.wat", "':ro' is not what --dir takes", "'fermata run --help'")]
    [InlineData("run --net example.com:http a.wat", "'example.com:http' is not what --net takes", "'fermata run --help'")]
    [InlineData("run --net [::1]80 a.wat", "'[::1]80' is not what --net takes", "'fermata run --help'")]
    [InlineData("run --net a..b:80 a.wat", "'a..b:80' is not what --net takes", "'fermata run --help'")]
    [InlineData("run --env =1 a.wat", "'=1' names no environment variable", "'fermata run --help'")]
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

    [Fact]
    public void An_output_that_cannot_be_written_is_told()
    {
        using var output = new FailingWriter(new IOException("No space left on device"));
        using var error = new StringWriter { NewLine = "\n" };

        var exitCode = CommandLine.Run(["inspect", _folder.Add("m.wat", "(module)")], new Terminal(output, error));

        Assert.Equal((1, "fermata: cannot write the output: No space left on device\n"), (exitCode, error.ToString()));
        Assert.Equal(1, CommandLine.Run(["inspect", _folder["m.wat"]], new Terminal(output, output)));
    }

    [Fact]
    public void A_lack_of_memory_is_told()
    {
        using var output = new FailingWriter(new OutOfMemoryException());
        using var error = new StringWriter { NewLine = "\n" };

        var exitCode = CommandLine.Run(["inspect", _folder.Add("m.wat", "(module)")], new Terminal(output, error));

        Assert.Equal((1, "fermata: there is not enough memory for this.\n"), (exitCode, error.ToString()));
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("inspect")]
    [InlineData("run")]
    [InlineData("wat")]
    [InlineData("wasm")]
    [InlineData("wast")]
    [InlineData("merge", "x", "-o", "out.wasm")]
    [InlineData("frob")]
    [InlineData("run", "--invoke", "f", "m.wasm")]
    public void Names_of_files_are_escaped(string command, params string[] more)
    {
        var (exitCode, output, error) = _folder.Run([command, _folder["a\e[2J\u202eb\nc.wasm"], .. more]);

        Assert.NotEqual(0, exitCode);
        Assert.Equal("", output);
        Assert.Contains("a\\u{1b}[2J\\u{202e}b\\u{a}c.wasm", error, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", error, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202e", error, StringComparison.Ordinal);
    }

    /// <summary>A writer for which there is no room.</summary>
    private sealed class FailingWriter(Exception failure) : StringWriter
    {
        public override void Write(char value) => throw failure;

        public override void Write(char[] buffer, int index, int count) => throw failure;

        public override void Write(string? value) => throw failure;

        public override void WriteLine(string? value) => throw failure;
    }

    [Theory]
    [InlineData("run a.wasm", "run", false)]
    [InlineData("run --timeout 1s a.wasm", "run", false)]
    [InlineData("run --help", "run", true)]
    [InlineData("run -h", "run", true)]
    [InlineData("run -?", "run", true)]
    [InlineData("mcp /?", "mcp", true)]
    public void Only_the_command_that_is_called_is_described_and_help_where_it_may_be_asked_for(string line, string command, bool hasHelp)
    {
        var root = CommandLine.CreateRoot(new Terminal(TextWriter.Null, TextWriter.Null), line.Split(' '));

        var only = Assert.Single(root.Subcommands);
        Assert.Equal(command, only.Name);
        Assert.Equal(hasHelp, root.Options.Any(option => option.Name == "--help"));
        Assert.Equal(hasHelp, only.Options.Any(option => option.Name == "--help"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("wrong")]
    public void All_commands_are_described_where_none_is_called(string line) =>
        Assert.True(CommandLine.CreateRoot(new Terminal(TextWriter.Null, TextWriter.Null), line.Split(' ')).Subcommands.Count > 5);
}
