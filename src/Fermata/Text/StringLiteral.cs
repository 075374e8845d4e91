using System.Text;

namespace Fermata.Text;

/// <summary>String literals and their escapes (section 6.3.3 "Strings").</summary>
internal static class StringLiteral
{
    /// <summary>The length of the escape at the start of the text, with its backslash; zero if it is none.</summary>
    public static int EscapeLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
            return 0;
        if ("tnr\"'\\"u8.Contains(text[1]))
            return 2;
        if (text[1] == 'u')
            return UnicodeEscape(text).Length;
        return text.Length > 2 && char.IsAsciiHexDigit((char)text[1]) && char.IsAsciiHexDigit((char)text[2]) ? 3 : 0;
    }

    /// <summary>The bytes that a well-formed literal, with its quotes, stands for.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> literal)
    {
        var text = literal[1..^1];
        if (!text.Contains((byte)'\\'))
            return text.ToArray();
        var bytes = new byte[text.Length];
        var count = 0;
        while (!text.IsEmpty)
        {
            if (text[0] != '\\')
            {
                bytes[count++] = text[0];
                text = text[1..];
                continue;
            }

            var length = EscapeLength(text);
            count += DecodeEscape(text[..length], bytes.AsSpan(count));
            text = text[length..];
        }

        return bytes[..count];
    }

    private static int DecodeEscape(ReadOnlySpan<byte> escape, Span<byte> to)
    {
        if (escape[1] == 'u')
            return UnicodeEscape(escape).Value.EncodeToUtf8(to);
        to[0] = escape.Length == 3
            ? (byte)((NumberSyntax.Digit(escape[1]) << 4) | NumberSyntax.Digit(escape[2]))
            : (char)escape[1] switch
            {
                't' => (byte)'\t',
                'n' => (byte)'\n',
                'r' => (byte)'\r',
                _ => escape[1],
            };
        return 1;
    }

    /// <summary><c>\u{…}</c>: a code point that is no surrogate, with underscores between its hexadecimal digits.</summary>
    private static (int Length, Rune Value) UnicodeEscape(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'}');
        if (end < 4 || text[2] != '{')
            return default;
        var digits = text[3..end];
        if (NumberSyntax.CountDigits(digits, isHex: true) != digits.Length)
            return default;
        var value = NumberSyntax.ReadDigits(digits, 16);
        return value is { } code && code <= 0x10FFFF && Rune.TryCreate((uint)code, out var rune) ? (end + 1, rune) : default;
    }
}
