using System.Globalization;

namespace Fermata.Text;

/// <summary>The values of number tokens as floating-point numbers (section 6.3.2 "Floating-Point").</summary>
internal static class FloatLiteral
{
    /// <summary>The bits of the number nearest to a token; null if it is out of range.</summary>
    public static uint? ReadF32(ReadOnlySpan<byte> token) => (uint?)Read(token, FloatFormat.Single);

    /// <inheritdoc cref="ReadF32"/>
    public static ulong? ReadF64(ReadOnlySpan<byte> token) => Read(token, FloatFormat.Double);

    /// <summary>A number so that it reads back to the same bits: the shortest decimal, or a NaN with its payload unless that is canonical.</summary>
    public static string Format(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return FormatSpecial(bits, FloatFormat.Single) ?? value.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc cref="Format(float)"/>
    public static string Format(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        return FormatSpecial(bits, FloatFormat.Double) ?? FormatFinite(value);
    }

    /// <summary>What .NET has as the shortest decimal of 2^-25 and of 2^-958 reads back to the number below.</summary>
    private static string FormatFinite(double value)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        return double.Parse(shortest, CultureInfo.InvariantCulture) == value ? shortest : value.ToString("G17", CultureInfo.InvariantCulture);
    }

    private static string? FormatSpecial(ulong bits, FloatFormat format)
    {
        var magnitude = bits & ~format.SignBit;
        if (magnitude < format.Infinity)
            return null;
        var payload = magnitude - format.Infinity;
        var name = payload == 0 ? "inf" : payload == format.QuietBit ? "nan" : $"nan:0x{payload:x}";
        return (bits & format.SignBit) != 0 ? "-" + name : name;
    }

    private static ulong? Read(ReadOnlySpan<byte> token, FloatFormat format) =>
        ReadMagnitude(NumberSyntax.WithoutSign(token), format) is { } magnitude
            ? magnitude | (token[0] == '-' ? format.SignBit : 0)
            : null;

    private static ulong? ReadMagnitude(ReadOnlySpan<byte> text, FloatFormat format)
    {
        if (text.SequenceEqual("inf"u8))
            return format.Infinity;
        if (text.SequenceEqual("nan"u8))
            return format.Infinity | format.QuietBit;
        if (text.StartsWith("nan:0x"u8))
            return ReadNanPayload(text[6..], format);
        return text.StartsWith("0x"u8) ? ReadHex(text[2..], format) : ReadDecimal(text, format);
    }

    /// <summary>A payload is not zero, for that were infinity, and fits in the fraction.</summary>
    private static ulong? ReadNanPayload(ReadOnlySpan<byte> digits, FloatFormat format)
    {
        var payload = NumberSyntax.ReadDigits(digits, 16) ?? 0;
        return payload == 0 || payload >> format.FractionBits != 0 ? null : format.Infinity | payload;
    }

    private static ulong? ReadHex(ReadOnlySpan<byte> text, FloatFormat format)
    {
        ulong significand = 0;
        long exponent = 0;
        var hasTail = false;
        var inFraction = false;
        var mark = text.IndexOfAny((byte)'p', (byte)'P');
        foreach (var c in mark < 0 ? text : text[..mark])
        {
            if (c == '.')
            {
                inFraction = true;
            }
            else if (c != '_')
            {
                var isKept = significand >> 60 == 0;
                if (isKept)
                    significand = (significand << 4) | NumberSyntax.Digit(c);
                else
                    hasTail |= c != '0';
                exponent += (isKept ? 0 : 4) - (inFraction ? 4 : 0);
            }
        }

        if (mark >= 0)
            exponent += ReadExponent(text[(mark + 1)..]);
        return format.Round(significand, exponent, hasTail);
    }

    private static long ReadExponent(ReadOnlySpan<byte> text)
    {
        // Beyond this no number of digits that fits in memory brings the value back into range.
        const long limit = 1L << 40;
        var magnitude = (long)Math.Min(NumberSyntax.ReadDigits(NumberSyntax.WithoutSign(text), 10) ?? limit, limit);
        return text[0] == '-' ? -magnitude : magnitude;
    }

    private static ulong? ReadDecimal(ReadOnlySpan<byte> text, FloatFormat format)
    {
        var digits = new byte[text.Length];
        var count = 0;
        foreach (var c in text)
        {
            if (c != '_')
                digits[count++] = c;
        }

        var number = digits.AsSpan(0, count);
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var bits = ReferenceEquals(format, FloatFormat.Single)
            ? BitConverter.SingleToUInt32Bits(float.Parse(number, style, CultureInfo.InvariantCulture))
            : BitConverter.DoubleToUInt64Bits(double.Parse(number, style, CultureInfo.InvariantCulture));
        return bits < format.Infinity ? bits : null;
    }
}
