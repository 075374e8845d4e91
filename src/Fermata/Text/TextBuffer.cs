namespace Fermata.Text;

/// <summary>Text in the making, with its lines indented.</summary>
/// <param name="writer">Takes what was appended when a line begins, from time to time, and at the end; null to keep it all.</param>
internal sealed class TextBuffer(TextWriter? writer = null)
{
    private const int FlushLength = 1 << 16;

    private const int SpacesPerLevel = 2;

    /// <summary>Deeper levels stand at this one's place: otherwise nested blocks would take space that grows with the square of their depth.</summary>
    private const int DeepestLevel = 40;

    private char[] _characters = new char[256];

    public int Length { get; private set; }

    public ReadOnlySpan<char> Text => _characters.AsSpan(0, Length);

    /// <summary>How many columns a line at a level begins with.</summary>
    public static int Indentation(int level) => Math.Min(level, DeepestLevel) * SpacesPerLevel;

    public TextBuffer Append(char character)
    {
        Reserve(1)[0] = character;
        return this;
    }

    public TextBuffer Append(ReadOnlySpan<char> text)
    {
        text.CopyTo(Reserve(text.Length));
        return this;
    }

    public TextBuffer Append(string text) => Append(text.AsSpan());

    public TextBuffer Append(long number) => Append(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public TextBuffer Append(ulong number) => Append(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Begins a new line.</summary>
    public TextBuffer NewLine(int level)
    {
        FlushIfLong();
        Append('\n');
        Reserve(Indentation(level)).Fill(' ');
        return this;
    }

    public void Clear() => Length = 0;

    /// <summary>Hands the text to the writer if it has become long, as on a line without end.</summary>
    public void FlushIfLong()
    {
        if (Length >= FlushLength)
            Flush();
    }

    /// <summary>Hands the text to the writer, if there is one.</summary>
    public void Flush()
    {
        if (writer is null)
            return;
        writer.Write(Text);
        Length = 0;
    }

    private Span<char> Reserve(int count)
    {
        if (_characters.Length - Length < count)
            Array.Resize(ref _characters, (int)Math.Max(Length + (long)count, Math.Min(_characters.Length * 2L, Array.MaxLength)));
        Length += count;
        return _characters.AsSpan(Length - count, count);
    }
}
