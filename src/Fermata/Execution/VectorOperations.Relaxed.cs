using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Fermata.Execution;

/// <content>
/// The relaxed vector instructions. Of the results that are permitted each gives the one of the deterministic profile (appendix
/// "Profiles"), on every processor: that of the instruction which is not relaxed, products rounded before they are added.
/// </content>
internal static partial class VectorOperations
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> I8x16RelaxedSwizzle(Vector128<byte> a, Vector128<byte> lanes) => I8x16Swizzle(a, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> I32x4RelaxedTruncF32x4U(Vector128<float> a) => I32x4TruncSatF32x4U(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4RelaxedTruncF64x2SZero(Vector128<double> a) => I32x4TruncSatF64x2SZero(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> I32x4RelaxedTruncF64x2UZero(Vector128<double> a) => I32x4TruncSatF64x2UZero(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4RelaxedMadd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => (a * b) + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4RelaxedNmadd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => (-a * b) + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2RelaxedMadd(Vector128<double> a, Vector128<double> b, Vector128<double> c) => (a * b) + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2RelaxedNmadd(Vector128<double> a, Vector128<double> b, Vector128<double> c) => (-a * b) + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> I8x16RelaxedLaneselect(Vector128<byte> a, Vector128<byte> b, Vector128<byte> mask) => V128Bitselect(a, b, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> I16x8RelaxedLaneselect(Vector128<byte> a, Vector128<byte> b, Vector128<byte> mask) => V128Bitselect(a, b, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> I32x4RelaxedLaneselect(Vector128<byte> a, Vector128<byte> b, Vector128<byte> mask) => V128Bitselect(a, b, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> I64x2RelaxedLaneselect(Vector128<byte> a, Vector128<byte> b, Vector128<byte> mask) => V128Bitselect(a, b, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4RelaxedMin(Vector128<float> a, Vector128<float> b) => F32x4Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4RelaxedMax(Vector128<float> a, Vector128<float> b) => F32x4Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2RelaxedMin(Vector128<double> a, Vector128<double> b) => F64x2Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2RelaxedMax(Vector128<double> a, Vector128<double> b) => F64x2Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> I16x8RelaxedQ15mulrS(Vector128<short> a, Vector128<short> b) => I16x8Q15mulrSatS(a, b);

    /// <summary>Both operands signed, and sums that wrap around; x86's instruction for this would saturate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> I16x8RelaxedDotI8x16I7x16S(Vector128<sbyte> a, Vector128<sbyte> b)
    {
        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.AddPairwise(
                AdvSimd.MultiplyWideningLower(a.GetLower(), b.GetLower()), AdvSimd.MultiplyWideningUpper(a, b));
        }

        return (Even(a) * Even(b)) + (Odd(a) * Odd(b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4RelaxedDotI8x16I7x16AddS(Vector128<sbyte> a, Vector128<sbyte> b, Vector128<int> c) =>
        I32x4ExtaddPairwiseI16x8S(I16x8RelaxedDotI8x16I7x16S(a, b)) + c;
}
