namespace Fermata.Cli.Tests;

/// <summary>Lines that are edited.</summary>
public sealed class LineEditorTests : IDisposable
{
    private readonly Folder _folder = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly TerminalLine _line = new();
    private int _interrupts;

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
    }

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("abc[Backspace]d", "abd")]
    [InlineData("bc[Home]a[End]d", "abcd")]
    [InlineData("ac[LeftArrow]b[RightArrow][RightArrow]d", "abcd")]
    [InlineData("abc[^A][Delete][^D][^E]d[^H]e", "ce")]
    [InlineData("one two three[^W][^W]2", "one 2")]
    [InlineData("abc[LeftArrow][^U]x", "xc")]
    [InlineData("abc[^B][^B][^K]x", "ax")]
    [InlineData("[Tab]a", "    a")]
    [InlineData("[Backspace][Delete][LeftArrow][UpArrow][DownArrow]a", "a")]
    public void Keys_edit_a_line(string keys, string expected) => Assert.Equal([expected], Read(new LineHistory(null), keys));

    [Fact]
    public void The_history_is_kept_in_a_file()
    {
        Assert.Equal(["one", "two", "two", ""], Read(new LineHistory(_folder["made/history"]), "one[Enter]two[Enter]two[Enter]"));
        Assert.Equal("one\ntwo\n", File.ReadAllText(_folder["made/history"]));
        Assert.Equal(["two", "one", "new", "one!"], Read(new LineHistory(_folder["made/history"]), "[^P][Enter][UpArrow][UpArrow][Enter]new[UpArrow][UpArrow][DownArrow][^N][^N][Enter][UpArrow][UpArrow]!"));
    }

    [Fact]
    public void Ctrl_C_ends_a_line_and_Ctrl_D_all_lines()
    {
        Assert.Equal(["", null], Read(new LineHistory(null), "abc[^C][^D]"));
        Assert.Equal(1, _interrupts);
    }

    [Fact]
    public void What_programs_have_written_before_is_not_erased()
    {
        _line.IsEmpty = false;

        Read(new LineHistory(null), "a[Enter]");

        Assert.StartsWith("\n\r\e[K> \r", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, _output.ToString().Count(character => character == '\n'));
        Assert.True(_line.IsEmpty);
    }

    [Fact]
    public void Of_a_long_line_what_is_around_the_cursor_is_shown()
    {
        Read(new LineHistory(null), "0123456789");

        Assert.EndsWith("\r\e[K> 456789\r\e[8C\n", _output.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Reads lines until the keys end, which Enter does.</summary>
    private List<string?> Read(LineHistory history, string keys)
    {
        var pressed = new Queue<ConsoleKeyInfo>(Keys.Of(keys).Append(new ConsoleKeyInfo('\r', ConsoleKey.Enter, false, false, false)));
        var editor = new LineEditor(history, pressed.Dequeue, _output, () => 9, _line);
        var lines = new List<string?>();
        do
            lines.Add(editor.Read("> ", () => _interrupts++));
        while (pressed.Count > 0 && lines[^1] is not null);
        return lines;
    }
}
