using System.Text;

namespace Fermata.Cli;

/// <summary>Reads lines from a keyboard, which can be edited, and called back from a history, with the keys that GNU Readline has for that.</summary>
/// <param name="history">The history, to which lines are added.</param>
/// <param name="readKey">Reads a key, which is not shown.</param>
/// <param name="output">The terminal.</param>
/// <param name="width">How many columns it has.</param>
/// <param name="line">Where its cursor is.</param>
internal sealed class LineEditor(LineHistory history, Func<ConsoleKeyInfo> readKey, TextWriter output, Func<int> width, TerminalLine line)
{
    private const int IndentWidth = 4;

    private readonly StringBuilder _text = new();
    private int _cursor;

    /// <summary>Where it is in the history; behind its end for the line that is new.</summary>
    private int _place;

    private string _new = "";

    /// <summary>Reads a line, below what programs have written.</summary>
    /// <param name="prompt">What stands before it.</param>
    /// <param name="interrupt">Called for Ctrl-C, which ends the line.</param>
    /// <returns>The line; null for Ctrl-D in an empty one.</returns>
    public string? Read(string prompt, Action interrupt)
    {
        _text.Clear();
        (_cursor, _place, _new) = (0, history.Lines.Count, "");
        if (!line.IsEmpty)
            NewLine();
        while (true)
        {
            Show(prompt);
            switch (KeyOf(readKey()))
            {
                case (ConsoleKey.Enter, _, _):
                    return End();
                case (ConsoleKey.C, true, _):
                    output.Write("^C");
                    _text.Clear();
                    interrupt();
                    return End();
                case (ConsoleKey.D, true, _) when _text.Length == 0:
                    NewLine();
                    return null;
                case var key:
                    Edit(key);
                    break;
            }
        }
    }

    /// <summary>A key, as one that does what it does: Ctrl-A is Home.</summary>
    private static (ConsoleKey Key, bool IsControl, char Character) KeyOf(ConsoleKeyInfo key)
    {
        var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        var code = !isControl ? key.Key : key.Key switch
        {
            ConsoleKey.A => ConsoleKey.Home,
            ConsoleKey.E => ConsoleKey.End,
            ConsoleKey.B => ConsoleKey.LeftArrow,
            ConsoleKey.F => ConsoleKey.RightArrow,
            ConsoleKey.P => ConsoleKey.UpArrow,
            ConsoleKey.N => ConsoleKey.DownArrow,
            ConsoleKey.H => ConsoleKey.Backspace,
            ConsoleKey.J or ConsoleKey.M => ConsoleKey.Enter,
            var other => other,
        };
        return (code, isControl, key.KeyChar);
    }

    private void Edit((ConsoleKey Key, bool IsControl, char Character) key)
    {
        switch (key)
        {
            case (ConsoleKey.LeftArrow, _, _):
                _cursor = Math.Max(_cursor - 1, 0);
                break;
            case (ConsoleKey.RightArrow, _, _):
                _cursor = Math.Min(_cursor + 1, _text.Length);
                break;
            case (ConsoleKey.Home, _, _):
                _cursor = 0;
                break;
            case (ConsoleKey.End, _, _):
                _cursor = _text.Length;
                break;
            case (ConsoleKey.Backspace, _, _):
                Remove(_cursor - 1, _cursor);
                break;
            case (ConsoleKey.Delete, _, _) or (ConsoleKey.D, true, _):
                Remove(_cursor, _cursor + 1);
                break;
            case (ConsoleKey.U, true, _):
                Remove(0, _cursor);
                break;
            case (ConsoleKey.K, true, _):
                Remove(_cursor, _text.Length);
                break;
            case (ConsoleKey.W, true, _):
                Remove(StartOfWord(), _cursor);
                break;
            case (ConsoleKey.L, true, _):
                output.Write("\e[H\e[2J");
                break;
            case (ConsoleKey.UpArrow, _, _):
                Recall(_place - 1);
                break;
            case (ConsoleKey.DownArrow, _, _):
                Recall(_place + 1);
                break;
            case (ConsoleKey.Tab, _, _):
                Insert(new string(' ', IndentWidth));
                break;
            case (_, _, >= ' ' and not '\x7f' and var character):
                Insert(character.ToString());
                break;
        }
    }

    private void Insert(string text)
    {
        _text.Insert(_cursor, text);
        _cursor += text.Length;
    }

    /// <summary>Removes a range, as far as there is one.</summary>
    private void Remove(int from, int to)
    {
        (from, to) = (Math.Max(from, 0), Math.Min(to, _text.Length));
        if (from >= to)
            return;
        _text.Remove(from, to - from);
        _cursor = from;
    }

    private int StartOfWord()
    {
        var start = _cursor;
        while (start > 0 && _text[start - 1] == ' ')
            start--;
        while (start > 0 && _text[start - 1] != ' ')
            start--;
        return start;
    }

    /// <summary>Goes to a line of the history, or back to the new one.</summary>
    private void Recall(int place)
    {
        if (place < 0 || place > history.Lines.Count)
            return;
        if (_place == history.Lines.Count)
            _new = _text.ToString();
        _place = place;
        _text.Clear().Append(place == history.Lines.Count ? _new : history.Lines[place]);
        _cursor = _text.Length;
    }

    private string End()
    {
        NewLine();
        var text = _text.ToString();
        history.Add(text);
        return text;
    }

    private void NewLine()
    {
        output.WriteLine();
        line.IsEmpty = true;
    }

    /// <summary>Shows as much of the line around the cursor as there is room for.</summary>
    private void Show(string prompt)
    {
        var room = Math.Max(width() - prompt.Length - 1, 1);
        var start = Math.Max(_cursor - room, 0);
        output.Write($"\r\e[K{prompt}{_text.ToString(start, Math.Min(room, _text.Length - start))}\r\e[{prompt.Length + _cursor - start}C");
        output.Flush();
    }
}
