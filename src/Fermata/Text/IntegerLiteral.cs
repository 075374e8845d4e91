namespace Fermata.Text;

/// <summary>The values of integer tokens (section 6.3.1 "Integers").</summary>
internal static class IntegerLiteral
{
    /// <summary>The value of a token without sign; null if it does not fit in 64 bits.</summary>
    public static ulong? ReadNatural(ReadOnlySpan<byte> token) =>
        token.StartsWith("0x"u8) ? NumberSyntax.ReadDigits(token[2..], 16) : NumberSyntax.ReadDigits(token, 10);

    /// <summary>
    /// The value of a token, with or without sign, as a number of the given width, sign-extended; null if it is out of range.
    /// </summary>
    /// <remarks>A number without sign may use the whole width, so both -1 and 0xffffffff are 32 one bits.</remarks>
    public static ulong? Read(ReadOnlySpan<byte> token, int width)
    {
        if (ReadNatural(NumberSyntax.WithoutSign(token)) is not { } magnitude)
            return null;
        var high = 1UL << (width - 1);
        if (token[0] == '-')
            return magnitude <= high ? 0 - magnitude : null;
        if (magnitude >= high && magnitude - high >= high)
            return null;
        var unused = 64 - width;
        return (ulong)((long)(magnitude << unused) >> unused);
    }
}
