using System.Text;

namespace Fermata.Text;

/// <summary>A text in UTF-8, and the lines and columns in it.</summary>
internal sealed class TextSource(ReadOnlyMemory<byte> bytes)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private int[]? _lineStarts;

    public ReadOnlyMemory<byte> Memory => bytes;

    public ReadOnlySpan<byte> Bytes => bytes.Span;

    /// <exception cref="MalformedModuleException">A surrogate stands alone.</exception>
    public static TextSource From(string text)
    {
        try
        {
            return new TextSource(Utf8.GetBytes(text));
        }
        catch (EncoderFallbackException e)
        {
            var (line, column) = new TextSource(Encoding.UTF8.GetBytes(text, 0, e.Index)).Locate(int.MaxValue);
            throw new MalformedModuleException("malformed UTF-8 encoding", line, column);
        }
    }

    /// <summary>The line and the column, both from 1, of a byte offset. Columns count code points.</summary>
    public (int Line, int Column) Locate(int offset)
    {
        offset = Math.Min(offset, bytes.Length);
        var line = LineOf(offset);
        var column = 1;
        foreach (var unit in Bytes[_lineStarts![line - 1]..offset])
            column += (unit & 0xC0) == 0x80 ? 0 : 1;
        return (line, column);
    }

    /// <summary>The line, from 1, of a byte offset.</summary>
    public int LineOf(int offset)
    {
        _lineStarts ??= FindLineStarts();
        var line = Array.BinarySearch(_lineStarts, offset);
        return line < 0 ? ~line : line + 1;
    }

    public MalformedModuleException Malformed(string problem, int offset)
    {
        var (line, column) = Locate(offset);
        return new MalformedModuleException(problem, line, column);
    }

    private int[] FindLineStarts()
    {
        ReadOnlySpan<byte> text = Bytes;
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
                starts.Add(i + 1);
        }

        return [.. starts];
    }
}
