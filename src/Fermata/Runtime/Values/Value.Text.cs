using System.Globalization;
using Fermata.Text;

namespace Fermata;

public readonly partial struct Value
{
    /// <summary>The value as <c>type:value</c>, with numbers as in the text format: <c>i32:-1</c>, <c>f32:nan:0x200000</c>.</summary>
    public override string ToString() => Type.Kind switch
    {
        ValKind.I32 => string.Create(CultureInfo.InvariantCulture, $"i32:{(int)Bits}"),
        ValKind.I64 => string.Create(CultureInfo.InvariantCulture, $"i64:{(long)Bits}"),
        ValKind.F32 => "f32:" + FloatLiteral.Format(BitConverter.UInt32BitsToSingle((uint)Bits)),
        ValKind.F64 => "f64:" + FloatLiteral.Format(BitConverter.UInt64BitsToDouble(Bits)),
        ValKind.V128 => $"v128:0x{HighBits:x16}{Bits:x16}",
        ValKind.Ref => Reference is null ? $"{Type}:null" : $"{Type}:{DescribeReference(Reference)}",
        _ => "none",
    };

    /// <summary>A reference for messages. The object's own text is not asked for: it may be long, slow or throw.</summary>
    internal static string DescribeReference(object? reference) => reference?.GetType().Name ?? "null";
}
