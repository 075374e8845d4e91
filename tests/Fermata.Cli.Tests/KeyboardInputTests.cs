using System.Text;
using Fermata.Platform;

namespace Fermata.Cli.Tests;

/// <summary>Standard input of a program at a prompt.</summary>
public sealed class KeyboardInputTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly TerminalLine _line = new();
    private int _interrupts;

    public void Dispose() => _output.Dispose();

    [Theory]
    [InlineData("abc[Enter]", "abc\n", "abc\n")]
    [InlineData("ab[Backspace]c[^J]", "ac\n", "ab\b \bc\n")]
    [InlineData("[Backspace]é[^M]", "é\n", "é\n")]
    [InlineData("😀[^H]b[Enter]", "b\n", "😀\b \bb\n")]
    [InlineData("ab[^U]c[Enter]", "c\n", "ab\b \b\b \bc\n")]
    [InlineData("a b [^W]c[Enter]", "a c\n", "a b \b \b\b \bc\n")]
    [InlineData("a[UpArrow][^A]b[Enter]", "ab\n", "ab\n")]
    [InlineData("ab[^D]", "ab", "ab")]
    [InlineData("[^D]", "", "")]
    public async Task Keys_make_a_line_which_is_shown(string keys, string expected, string shown)
    {
        Assert.Equal(expected, await ReadAsync(InputOf(keys)));
        Assert.Equal(shown, _output.ToString());
        Assert.Equal(shown.EndsWith('\n') || shown.Length == 0, _line.IsEmpty);
    }

    [Fact]
    public async Task A_line_is_read_in_parts_and_the_end_is_one_only_once()
    {
        var input = InputOf("abc[Enter][^D]d[Enter]");

        Assert.Equal(4, (await input.WaitAsync()).Value);
        Assert.Equal(["ab", "c\n", "", "d\n"], [await ReadAsync(input, 2), await ReadAsync(input, 2), await ReadAsync(input, 2), await ReadAsync(input, 2)]);
    }

    [Fact]
    public async Task Ctrl_C_drops_the_line_and_ends_the_read()
    {
        var input = InputOf("abc[^C]d[Enter]");

        await Assert.ThrowsAsync<OperationCanceledException>(async () => await ReadAsync(input));

        Assert.Equal(1, _interrupts);
        Assert.Equal("abc^C\n", _output.ToString());
        Assert.Equal("d\n", await ReadAsync(input));
    }

    [Fact]
    public async Task A_key_that_nobody_waits_for_any_more_is_for_whoever_reads_next()
    {
        using var pressed = new SemaphoreSlim(0);
        var keys = new Queue<ConsoleKeyInfo>(Keys.Of("a[Enter]"));
        var keyboard = new Keyboard(() =>
        {
            pressed.Wait();
            return keys.Dequeue();
        });
        using var cancellation = new CancellationTokenSource();
        var read = ReadAsync(new KeyboardInput(keyboard, _output, _line, () => _interrupts++), token: cancellation.Token);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        pressed.Release(2);

        Assert.Equal('a', keyboard.Read().KeyChar);
        Assert.Equal(ConsoleKey.Enter, keyboard.Read().Key);
    }

    [Fact]
    public async Task Where_the_cursor_is_is_known_of_what_goes_to_a_terminal()
    {
        var (terminal, file) = (_line.Follow(new TerminalOutput()), _line.Follow(OutputStream.Null));

        await terminal.WriteAsync("x"u8.ToArray());
        Assert.False(_line.IsEmpty);
        await terminal.WriteAsync("y\n"u8.ToArray());
        Assert.True(_line.IsEmpty);
        await file.WriteAsync("x"u8.ToArray());
        await terminal.WriteAsync(default);
        Assert.True(_line.IsEmpty);
    }

    private KeyboardInput InputOf(string keys) => new(new Keyboard(new Queue<ConsoleKeyInfo>(Keys.Of(keys)).Dequeue), _output, _line, () => _interrupts++);

    private static async Task<string> ReadAsync(InputStream input, int most = 100, CancellationToken token = default)
    {
        var buffer = new byte[most];
        return Encoding.UTF8.GetString(buffer, 0, (await input.ReadAsync(buffer, token)).Value);
    }

    private sealed class TerminalOutput : OutputStream
    {
        public override bool IsTerminal => true;

        public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) => new(Errno.None);
    }
}
