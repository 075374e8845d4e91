using System.Runtime.Intrinsics;

namespace Fermata.Wast;

/// <summary>An argument of a call.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Bits">A number.</param>
/// <param name="Vector">A vector.</param>
/// <param name="Reference">A reference; null for a null.</param>
internal readonly record struct WastConstant(ValType Type, ulong Bits, Vector128<byte> Vector, HostReference? Reference)
{
    public override string ToString() => Type.Kind switch
    {
        ValKind.I32 => $"(i32.const {(int)Bits})",
        ValKind.I64 => $"(i64.const {(long)Bits})",
        ValKind.F32 => $"(f32.const {BitConverter.UInt32BitsToSingle((uint)Bits):R})",
        ValKind.F64 => $"(f64.const {BitConverter.UInt64BitsToDouble(Bits):R})",
        ValKind.V128 => $"(v128.const {Vector})",
        _ => Reference is { } reference ? $"({reference})" : $"(ref.null {Type.Heap})",
    };
}
