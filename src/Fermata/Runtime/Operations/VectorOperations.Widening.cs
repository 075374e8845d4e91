using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Fermata.Runtime;

/// <content>Integer operations whose results have lanes of twice the width.</content>
internal static partial class VectorOperations
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> I16x8ExtmulLowI8x16S(Vector128<sbyte> a, Vector128<sbyte> b) =>
        AdvSimd.IsSupported ? AdvSimd.MultiplyWideningLower(a.GetLower(), b.GetLower()) : Vector128.WidenLower(a) * Vector128.WidenLower(b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> I16x8ExtmulHighI8x16S(Vector128<sbyte> a, Vector128<sbyte> b) =>
        AdvSimd.IsSupported ? AdvSimd.MultiplyWideningUpper(a, b) : Vector128.WidenUpper(a) * Vector128.WidenUpper(b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> I16x8ExtmulLowI8x16U(Vector128<byte> a, Vector128<byte> b) =>
        AdvSimd.IsSupported ? AdvSimd.MultiplyWideningLower(a.GetLower(), b.GetLower()) : Vector128.WidenLower(a) * Vector128.WidenLower(b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> I16x8ExtmulHighI8x16U(Vector128<byte> a, Vector128<byte> b) =>
        AdvSimd.IsSupported ? AdvSimd.MultiplyWideningUpper(a, b) : Vector128.WidenUpper(a) * Vector128.WidenUpper(b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4ExtmulLowI16x8S(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
            return Sse2.UnpackLow(Sse2.MultiplyLow(a, b), Sse2.MultiplyHigh(a, b)).AsInt32();
        return AdvSimd.IsSupported
            ? AdvSimd.MultiplyWideningLower(a.GetLower(), b.GetLower())
            : Vector128.WidenLower(a) * Vector128.WidenLower(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4ExtmulHighI16x8S(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
            return Sse2.UnpackHigh(Sse2.MultiplyLow(a, b), Sse2.MultiplyHigh(a, b)).AsInt32();
        return AdvSimd.IsSupported ? AdvSimd.MultiplyWideningUpper(a, b) : Vector128.WidenUpper(a) * Vector128.WidenUpper(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> I32x4ExtmulLowI16x8U(Vector128<ushort> a, Vector128<ushort> b)
    {
        if (Sse2.IsSupported)
            return Sse2.UnpackLow(Sse2.MultiplyLow(a, b), Sse2.MultiplyHigh(a, b)).AsUInt32();
        return AdvSimd.IsSupported
            ? AdvSimd.MultiplyWideningLower(a.GetLower(), b.GetLower())
            : Vector128.WidenLower(a) * Vector128.WidenLower(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> I32x4ExtmulHighI16x8U(Vector128<ushort> a, Vector128<ushort> b)
    {
        if (Sse2.IsSupported)
            return Sse2.UnpackHigh(Sse2.MultiplyLow(a, b), Sse2.MultiplyHigh(a, b)).AsUInt32();
        return AdvSimd.IsSupported ? AdvSimd.MultiplyWideningUpper(a, b) : Vector128.WidenUpper(a) * Vector128.WidenUpper(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> I64x2ExtmulLowI32x4S(Vector128<int> a, Vector128<int> b)
    {
        if (Sse41.IsSupported)
            return Sse41.Multiply(Sse2.UnpackLow(a, a), Sse2.UnpackLow(b, b));
        return AdvSimd.IsSupported
            ? AdvSimd.MultiplyWideningLower(a.GetLower(), b.GetLower())
            : Vector128.WidenLower(a) * Vector128.WidenLower(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> I64x2ExtmulHighI32x4S(Vector128<int> a, Vector128<int> b)
    {
        if (Sse41.IsSupported)
            return Sse41.Multiply(Sse2.UnpackHigh(a, a), Sse2.UnpackHigh(b, b));
        return AdvSimd.IsSupported ? AdvSimd.MultiplyWideningUpper(a, b) : Vector128.WidenUpper(a) * Vector128.WidenUpper(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> I64x2ExtmulLowI32x4U(Vector128<uint> a, Vector128<uint> b)
    {
        if (Sse2.IsSupported)
            return Sse2.Multiply(Sse2.UnpackLow(a, a), Sse2.UnpackLow(b, b));
        return AdvSimd.IsSupported
            ? AdvSimd.MultiplyWideningLower(a.GetLower(), b.GetLower())
            : Vector128.WidenLower(a) * Vector128.WidenLower(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> I64x2ExtmulHighI32x4U(Vector128<uint> a, Vector128<uint> b)
    {
        if (Sse2.IsSupported)
            return Sse2.Multiply(Sse2.UnpackHigh(a, a), Sse2.UnpackHigh(b, b));
        return AdvSimd.IsSupported ? AdvSimd.MultiplyWideningUpper(a, b) : Vector128.WidenUpper(a) * Vector128.WidenUpper(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> I16x8ExtaddPairwiseI8x16S(Vector128<sbyte> a) => Even(a) + Odd(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> I16x8ExtaddPairwiseI8x16U(Vector128<byte> a) =>
        (a.AsUInt16() & Vector128.Create((ushort)byte.MaxValue)) + (a.AsUInt16() >>> 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4ExtaddPairwiseI16x8S(Vector128<short> a) => Even(a) + Odd(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> I32x4ExtaddPairwiseI16x8U(Vector128<ushort> a) =>
        (a.AsUInt32() & Vector128.Create((uint)ushort.MaxValue)) + (a.AsUInt32() >>> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4DotI16x8S(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
            return Sse2.MultiplyAddAdjacent(a, b);
        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.AddPairwise(
                AdvSimd.MultiplyWideningLower(a.GetLower(), b.GetLower()), AdvSimd.MultiplyWideningUpper(a, b));
        }

        return (Even(a) * Even(b)) + (Odd(a) * Odd(b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Even(Vector128<sbyte> a) => (a.AsInt16() << 8) >> 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Odd(Vector128<sbyte> a) => a.AsInt16() >> 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Even(Vector128<short> a) => (a.AsInt32() << 16) >> 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Odd(Vector128<short> a) => a.AsInt32() >> 16;
}
