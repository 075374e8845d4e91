using System.Globalization;

namespace Fermata;

public readonly partial struct Value
{
    /// <summary>The value as <c>type:value</c>, with numbers as in the text format: <c>i32:-1</c>, <c>f32:nan:0x200000</c>.</summary>
    public override string ToString() => Type.Kind switch
    {
        ValKind.I32 => string.Create(CultureInfo.InvariantCulture, $"i32:{(int)Bits}"),
        ValKind.I64 => string.Create(CultureInfo.InvariantCulture, $"i64:{(long)Bits}"),
        ValKind.F32 => "f32:" + FloatText(
            BitConverter.UInt32BitsToSingle((uint)Bits), (uint)Bits >> 31 != 0, Bits & 0x7F_FFFF, 1 << 22),
        ValKind.F64 => "f64:" + FloatText(
            BitConverter.UInt64BitsToDouble(Bits), Bits >> 63 != 0, Bits & 0xF_FFFF_FFFF_FFFF, 1ul << 51),
        ValKind.V128 => $"v128:0x{HighBits:x16}{Bits:x16}",
        ValKind.Ref => Reference is null ? $"{Type}:null" : $"{Type}:{DescribeReference(Reference)}",
        _ => "none",
    };

    /// <summary>A number so that it reads back to the same bits (section 6.3.2 "Floating-Point").</summary>
    private static string FloatText<T>(T value, bool isNegative, ulong payload, ulong canonicalPayload)
        where T : struct, System.Numerics.IFloatingPointIeee754<T>
    {
        if (T.IsInfinity(value))
            return isNegative ? "-inf" : "inf";
        if (!T.IsNaN(value))
            return value.ToString("R", CultureInfo.InvariantCulture);
        string name = payload == canonicalPayload ? "nan" : $"nan:0x{payload:x}";
        return isNegative ? "-" + name : name;
    }

    /// <summary>A reference for messages. The object's own text is not asked for: it may be long, slow or throw.</summary>
    internal static string DescribeReference(object? reference) => reference?.GetType().Name ?? "null";
}
