using System.Runtime.Intrinsics;

namespace Fermata.Wast;

/// <summary>Whether a result is what a pattern says.</summary>
internal static class ResultMatching
{
    public static bool Matches(Value value, WastPattern pattern) => pattern switch
    {
        EitherPattern either => Array.Exists(either.Choices, choice => Matches(value, choice)),
        ValuePattern { Value: var expected } => MatchesValue(value, expected),
        NanPattern nan => value.Type == nan.Type && NanPattern.Matches(nan.IsCanonical, nan.Type == ValType.F32 ? 32 : 64, BitsOf(value)),
        VectorPattern vector => value.Type == ValType.V128 && MatchesLanes(value.AsV128(), vector),
        NullPattern => value.Type.IsRef && value.AsRef() is null,
        RefPattern reference => value.Type.IsRef && MatchesReference(value, reference.Type),
        _ => false,
    };

    private static bool MatchesValue(Value value, WastConstant expected)
    {
        if (expected.Type.IsRef)
            return value.Type.IsRef && Equals(value.AsRef(), expected.Reference);
        if (value.Type != expected.Type)
            return false;
        return expected.Type == ValType.V128 ? value.AsV128() == expected.Vector : BitsOf(value) == expected.Bits;
    }

    private static bool MatchesLanes(Vector128<byte> vector, VectorPattern pattern)
    {
        for (var i = 0; i < pattern.Lanes.Length; i++)
        {
            var bits = pattern.LaneWidth switch
            {
                8 => vector[i],
                16 => vector.AsUInt16()[i],
                32 => vector.AsUInt32()[i],
                _ => vector.AsUInt64()[i],
            };
            var lane = pattern.Lanes[i];
            if (!(lane.IsCanonicalNan is { } isCanonical ? NanPattern.Matches(isCanonical, pattern.LaneWidth, bits) : bits == lane.Bits))
                return false;
        }

        return true;
    }

    /// <summary>The static type of the result tells what a reference refers to, unless that type is wider than what is asked for.</summary>
    private static bool MatchesReference(Value value, HeapType type)
    {
        var reference = value.AsRef();
        if (reference is null)
            return false;
        if (type == HeapType.Func)
            return reference is Function;
        if (type == HeapType.Extern || type == HeapType.Any)
            return true;
        return Runtime.ReferenceTyping.Matches(reference, ValType.Ref(false, type));
    }

    private static ulong BitsOf(Value value) => value.Type.Kind switch
    {
        ValKind.I32 => (uint)value.AsI32(),
        ValKind.I64 => (ulong)value.AsI64(),
        ValKind.F32 => BitConverter.SingleToUInt32Bits(value.AsF32()),
        ValKind.F64 => BitConverter.DoubleToUInt64Bits(value.AsF64()),
        _ => 0,
    };
}
