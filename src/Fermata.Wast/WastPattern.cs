namespace Fermata.Wast;

/// <summary>What a result may be.</summary>
internal abstract record WastPattern;

/// <summary>Exactly this value.</summary>
internal sealed record ValuePattern(WastConstant Value) : WastPattern
{
    public override string ToString() => Value.ToString();
}

/// <summary>
/// A NaN with the canonical payload, or an arithmetic one, whose payload has the first bit of the canonical one set
/// (section 4.3.3 "Floating-Point Operations").
/// </summary>
internal sealed record NanPattern(ValType Type, bool IsCanonical) : WastPattern
{
    public override string ToString() => $"({Type}.const nan:{(IsCanonical ? "canonical" : "arithmetic")})";

    /// <summary>Whether the bits of a number of 32 or 64 bits are such a NaN.</summary>
    public static bool Matches(bool isCanonical, int width, ulong bits)
    {
        var fractionBits = width == 32 ? 23 : 52;
        var sign = 1UL << (width - 1);
        var exponent = sign - (1UL << fractionBits);
        var quiet = 1UL << (fractionBits - 1);
        return isCanonical ? (bits & ~sign) == (exponent | quiet) : (bits & (exponent | quiet)) == (exponent | quiet);
    }
}

/// <summary>A vector, lane by lane.</summary>
internal sealed record VectorPattern(int LaneWidth, LanePattern[] Lanes) : WastPattern
{
    public override string ToString() => $"(v128.const {string.Join(' ', Lanes)})";
}

/// <summary>A lane of a vector: these bits or, where <paramref name="IsCanonicalNan"/> is set, a NaN of that kind.</summary>
internal readonly record struct LanePattern(ulong Bits, bool? IsCanonicalNan)
{
    public override string ToString() => IsCanonicalNan switch
    {
        null => $"0x{Bits:x}",
        true => "nan:canonical",
        false => "nan:arithmetic",
    };
}

/// <summary>Any null reference.</summary>
internal sealed record NullPattern : WastPattern
{
    public override string ToString() => "(ref.null)";
}

/// <summary>Any reference, not null, to something of a heap type.</summary>
internal sealed record RefPattern(HeapType Type) : WastPattern
{
    public override string ToString() => $"(ref.{Type})";
}

/// <summary>One of several.</summary>
internal sealed record EitherPattern(WastPattern[] Choices) : WastPattern
{
    public override string ToString() => $"(either {string.Join(' ', (object[])Choices)})";
}
