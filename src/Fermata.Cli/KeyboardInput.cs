using System.Text;
using Fermata.Platform;

namespace Fermata.Cli;

/// <summary>
/// Standard input of a program beside a <see cref="LineEditor"/>. That has the terminal give keys as they are, so that lines are made here, as the terminal itself makes them elsewhere: they
/// are shown, Backspace, Ctrl-U and Ctrl-W remove, Ctrl-D ends the input once, Ctrl-C interrupts.
/// </summary>
/// <param name="keyboard">The keys.</param>
/// <param name="output">The terminal.</param>
/// <param name="line">Where its cursor is.</param>
/// <param name="interrupt">Called for Ctrl-C.</param>
internal sealed class KeyboardInput(Keyboard keyboard, TextWriter output, TerminalLine line, Action interrupt) : InputStream
{
    private const string Erase = "\b \b";

    private readonly StringBuilder _text = new();

    /// <summary>What is there of lines that have ended; null before one has.</summary>
    private ReadOnlyMemory<byte>? _ended;

    public override bool IsTerminal => true;

    private bool IsPairAtEnd => _text.Length > 1 && char.IsSurrogatePair(_text[^2], _text[^1]);

    public override async ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var ended = _ended ??= await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        var count = Math.Min(buffer.Length, ended.Length);
        ended[..count].CopyTo(buffer);
        // Without the type, null would be memory without bytes, which is the end.
        _ended = count < ended.Length ? ended[count..] : (ReadOnlyMemory<byte>?)null;
        return count;
    }

    public override async ValueTask<Result<int>> WaitAsync(CancellationToken cancellationToken = default) =>
        (_ended ??= await ReadLineAsync(cancellationToken).ConfigureAwait(false)).Length;

    /// <returns>A line, or what stands before Ctrl-D; without bytes, the end of the input.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled, or interrupted. What was typed is still there, if it was not interrupted.</exception>
    private async Task<ReadOnlyMemory<byte>> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var key = await keyboard.ReadAsync(cancellationToken).ConfigureAwait(false);
            switch (key.Key, key.Modifiers.HasFlag(ConsoleModifiers.Control))
            {
                case (ConsoleKey.Enter, _) or (ConsoleKey.J or ConsoleKey.M, true):
                    Show("\n");
                    _text.Append('\n');
                    return Take();
                case (ConsoleKey.D, true):
                    return Take();
                case (ConsoleKey.C, true):
                    _text.Clear();
                    Show("^C\n");
                    interrupt();
                    throw new OperationCanceledException("Ctrl-C was pressed.");
                case (ConsoleKey.Backspace, _) or (ConsoleKey.H, true):
                    RemoveFrom(_text.Length - 1);
                    break;
                case (ConsoleKey.U, true):
                    RemoveFrom(0);
                    break;
                case (ConsoleKey.W, true):
                    RemoveFrom(_text.ToString().TrimEnd(' ').LastIndexOf(' ') + 1);
                    break;
                default:
                    if (key.KeyChar is '\t' or >= ' ' and not '\x7f')
                    {
                        _text.Append(key.KeyChar);
                        if (!char.IsHighSurrogate(key.KeyChar))
                            Show(IsPairAtEnd ? _text.ToString(_text.Length - 2, 2) : key.KeyChar.ToString());
                    }

                    break;
            }
        }
    }

    private byte[] Take()
    {
        var bytes = Encoding.UTF8.GetBytes(_text.ToString());
        _text.Clear();
        return bytes;
    }

    /// <summary>Removes what stands from a place on, character by character.</summary>
    private void RemoveFrom(int start)
    {
        while (_text.Length > Math.Max(start, 0))
        {
            _text.Length -= IsPairAtEnd ? 2 : 1;
            Show(Erase);
        }
    }

    private void Show(string text)
    {
        output.Write(text);
        output.Flush();
        line.IsEmpty = text.EndsWith('\n');
    }
}
