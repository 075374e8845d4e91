using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fermata.Execution;

/// <summary>
/// The vector instructions that are not one method of <see cref="Vector128"/>: a method each, named as in <see cref="Structure.Opcode"/>.
/// </summary>
/// <remarks>
/// Section 4.3 "Numerics". A vector travels as <c>Vector128&lt;byte&gt;</c>; a lane is the last parameter, a constant once the method is
/// inlined into generated code. Where .NET has no method that is one instruction of the processor, x86 and Arm are asked for it by name,
/// with a portable form beside. As for numbers, results of arithmetic that are NaNs are quiet.
/// </remarks>
internal static partial class VectorOperations
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool V128AnyTrue(Vector128<byte> a) => a != Vector128<byte>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool I8x16AllTrue(Vector128<byte> a) => !Vector128.EqualsAny(a, Vector128<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool I16x8AllTrue(Vector128<short> a) => !Vector128.EqualsAny(a, Vector128<short>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool I32x4AllTrue(Vector128<int> a) => !Vector128.EqualsAny(a, Vector128<int>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool I64x2AllTrue(Vector128<long> a) => !Vector128.EqualsAny(a, Vector128<long>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> V128Bitselect(Vector128<byte> a, Vector128<byte> b, Vector128<byte> mask) =>
        Vector128.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> I8x16Ne(Vector128<sbyte> a, Vector128<sbyte> b) => ~Vector128.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> I16x8Ne(Vector128<short> a, Vector128<short> b) => ~Vector128.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4Ne(Vector128<int> a, Vector128<int> b) => ~Vector128.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> I64x2Ne(Vector128<long> a, Vector128<long> b) => ~Vector128.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4Ne(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.CompareNotEqual(a, b) : ~Vector128.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2Ne(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.CompareNotEqual(a, b) : ~Vector128.Equals(a, b);
}
