using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fermata.Runtime;

/// <content>Section 4.3.4 "Conversions" on lanes.</content>
internal static partial class VectorOperations
{
    private const float TwoTo31 = 1u << 31;
    private const double TwoTo52 = 1ul << 52;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4DemoteF64x2Zero(Vector128<double> a) => Vector128.Narrow(a, Vector128<double>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2PromoteLowF32x4(Vector128<float> a) => Vector128.WidenLower(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2ConvertLowI32x4S(Vector128<int> a) =>
        Vector128.ConvertToDouble(Vector128.WidenLower(a));

    /// <summary>x86 has this since AVX-512. Before: as the low half of a double between 2^52 and 2^53.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2ConvertLowI32x4U(Vector128<uint> a)
    {
        if (Avx512F.VL.IsSupported)
            return Avx512F.VL.ConvertToVector128Double(a);
        if (!Sse2.IsSupported)
            return Vector128.ConvertToDouble(Vector128.WidenLower(a).AsInt64());
        var base52 = Vector128.Create(TwoTo52);
        return Sse2.UnpackLow(a, Vector128.Create((uint)(BitConverter.DoubleToUInt64Bits(TwoTo52) >> 32))).AsDouble() - base52;
    }

    /// <summary>
    /// x86 has this since AVX-512. Before: a NaN becomes zero in the maximum; numbers from 2^31 on convert to the sign bit alone, to which
    /// the rest of them is added; those from 2^32 on have all bits set.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> I32x4TruncSatF32x4U(Vector128<float> a)
    {
        if (!Sse2.IsSupported || Avx512F.VL.IsSupported)
            return Vector128.ConvertToUInt32(a);
        var positive = Sse.Max(a, Vector128<float>.Zero);
        var whole = Sse2.ConvertToVector128Int32WithTruncation(positive);
        var rest = Sse2.ConvertToVector128Int32WithTruncation(positive - Vector128.Create(TwoTo31));
        var tooLarge = Vector128.GreaterThanOrEqual(positive, Vector128.Create(TwoTo31 * 2));
        return (whole | ((whole >> 31) & rest)).AsUInt32() | tooLarge.AsUInt32();
    }

    /// <summary>
    /// x86 converts what is too small to the smallest integer. Where one operand is a NaN, its minimum is the second one, here zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4TruncSatF64x2SZero(Vector128<double> a)
    {
        if (!Sse2.IsSupported)
            return Vector128.NarrowWithSaturation(Vector128.ConvertToInt64(a), Vector128<long>.Zero);
        var largest = Vector128.Equals(a, a) & Vector128.Create((double)int.MaxValue);
        return Sse2.ConvertToVector128Int32WithTruncation(Sse2.Min(a, largest));
    }

    /// <summary>
    /// A NaN becomes zero in the maximum. Without an instruction for it, an integer is the low half of a double between 2^52 and 2^53.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> I32x4TruncSatF64x2UZero(Vector128<double> a)
    {
        if (!Sse2.IsSupported)
            return Vector128.NarrowWithSaturation(Vector128.ConvertToUInt64(a), Vector128<ulong>.Zero);
        var positive = Sse2.Max(a, Vector128<double>.Zero);
        if (Avx512F.VL.IsSupported)
            return Avx512F.VL.ConvertToVector128UInt32WithTruncation(positive);
        var integer = Vector128.Truncate(Sse2.Min(positive, Vector128.Create((double)uint.MaxValue))) + Vector128.Create(TwoTo52);
        return Sse.Shuffle(integer.AsSingle(), Vector128<float>.Zero, 0b_00_00_10_00).AsUInt32();
    }
}
