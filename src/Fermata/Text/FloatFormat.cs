namespace Fermata.Text;

/// <summary>An interchange format of IEEE 754 for binary numbers.</summary>
/// <param name="FractionBits">The bits of the significand without the hidden one.</param>
/// <param name="MinExponent">The exponent of the smallest normal number.</param>
/// <param name="MaxExponent">The exponent of the largest number.</param>
internal sealed record FloatFormat(int FractionBits, int MinExponent, int MaxExponent)
{
    public static FloatFormat Single { get; } = new(23, -126, 127);

    public static FloatFormat Double { get; } = new(52, -1022, 1023);

    public ulong Infinity => (ulong)(MaxExponent - MinExponent + 2) << FractionBits;

    public ulong SignBit => (ulong)(MaxExponent - MinExponent + 3) << FractionBits;

    /// <summary>The fraction of the canonical NaN.</summary>
    public ulong QuietBit => 1UL << (FractionBits - 1);

    /// <summary>
    /// The number nearest to <paramref name="significand"/> · 2^<paramref name="exponent"/>, ties to even, without sign; null if
    /// it is too large.
    /// </summary>
    /// <param name="significand">An integer.</param>
    /// <param name="exponent">The power of two to scale it by.</param>
    /// <param name="hasTail">Whether the exact number is larger by less than one unit of the significand.</param>
    public ulong? Round(ulong significand, long exponent, bool hasTail)
    {
        if (significand == 0)
            return 0;
        var zeros = System.Numerics.BitOperations.LeadingZeroCount(significand);
        significand <<= zeros;
        var magnitude = exponent - zeros + 63;
        if (magnitude > MaxExponent)
            return null;
        var precision = FractionBits + 1 - Math.Max(0, MinExponent - magnitude);
        if (precision < 0)
            return 0;

        var dropped = 64 - (int)precision;
        var kept = dropped == 64 ? 0 : significand >> dropped;
        var rest = dropped == 64 ? significand : significand & ((1UL << dropped) - 1);
        var half = 1UL << (dropped - 1);
        if (rest > half || (rest == half && (hasTail || (kept & 1) != 0)))
            kept++;

        // The hidden bit of a normal number, and a carry out of the fraction, add one to the exponent field.
        var exponentField = (ulong)Math.Max(0, magnitude - MinExponent);
        var bits = (exponentField << FractionBits) + kept;
        return bits < Infinity ? bits : null;
    }
}
