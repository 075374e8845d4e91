namespace Fermata.Text;

/// <summary>What numbers look like (sections 6.3.1 "Integers" and 6.3.2 "Floating-Point").</summary>
internal static class NumberSyntax
{
    /// <summary>The kind of number that a word is; <see cref="TokenKind.Reserved"/> if it is none.</summary>
    public static TokenKind Classify(ReadOnlySpan<byte> word)
    {
        var rest = WithoutSign(word);
        if (rest.SequenceEqual("inf"u8) || rest.SequenceEqual("nan"u8))
            return TokenKind.Float;
        if (rest.StartsWith("nan:0x"u8))
            return rest.Length > 6 && CountDigits(rest[6..], isHex: true) == rest.Length - 6 ? TokenKind.Float : TokenKind.Reserved;

        var isHex = rest.StartsWith("0x"u8);
        if (isHex)
            rest = rest[2..];
        var end = CountDigits(rest, isHex);
        if (end == 0)
            return TokenKind.Reserved;
        if (end == rest.Length)
            return word[0] is (byte)'+' or (byte)'-' ? TokenKind.Integer : TokenKind.Natural;
        if (rest[end] == '.')
        {
            end++;
            end += CountDigits(rest[end..], isHex);
        }

        return end == rest.Length || IsExponent(rest[end..], isHex) ? TokenKind.Float : TokenKind.Reserved;
    }

    public static ReadOnlySpan<byte> WithoutSign(ReadOnlySpan<byte> word) =>
        word.Length > 0 && word[0] is (byte)'+' or (byte)'-' ? word[1..] : word;

    /// <summary>The length of the digits at the start of the text, with single underscores between them.</summary>
    public static int CountDigits(ReadOnlySpan<byte> text, bool isHex)
    {
        var end = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '_' && end == i && i > 0)
                continue;
            if (!(isHex ? char.IsAsciiHexDigit((char)text[i]) : char.IsAsciiDigit((char)text[i])))
                break;
            end = i + 1;
        }

        return end;
    }

    /// <summary>The value of digits with underscores; null if it does not fit in 64 bits.</summary>
    public static ulong? ReadDigits(ReadOnlySpan<byte> digits, uint radix)
    {
        ulong value = 0;
        foreach (var c in digits)
        {
            if (c == '_')
                continue;
            var digit = Digit(c);
            if (value > (ulong.MaxValue - digit) / radix)
                return null;
            value = (value * radix) + digit;
        }

        return value;
    }

    public static uint Digit(byte c) => c <= '9' ? (uint)(c - '0') : (uint)((c | 0x20) - 'a' + 10);

    private static bool IsExponent(ReadOnlySpan<byte> text, bool isHex)
    {
        if ((text[0] | 0x20) != (isHex ? 'p' : 'e'))
            return false;
        var digits = WithoutSign(text[1..]);
        return !digits.IsEmpty && CountDigits(digits, isHex: false) == digits.Length;
    }
}
