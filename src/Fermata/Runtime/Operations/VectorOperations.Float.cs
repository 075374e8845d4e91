using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fermata.Runtime;

/// <content>
/// Section 4.3.3 "Floating-Point Operations" on lanes. For the minimum and maximum of x86 see <see cref="NumericOperations.F32Min"/>.
/// AVX-512 has one that knows zeros apart but prefers numbers to NaNs; the sum of a NaN and anything is a quiet NaN.
/// </content>
internal static partial class VectorOperations
{
    // Operands of the instruction "range": the kind of result, and its sign from the comparison.
    private const byte Minimum = 0b01_00;
    private const byte Maximum = 0b01_01;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4Min(Vector128<float> a, Vector128<float> b)
    {
        if (Avx512DQ.VL.IsSupported)
            return Vector128.ConditionalSelect(Unordered(a, b), a + b, Avx512DQ.VL.Range(a, b, Minimum));
        if (Sse2.IsSupported)
            return Canonicalize(Sse.Min(a, b) | Sse.Min(b, a), a, b);
        return QuietNaNs(Vector128.Min(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4Max(Vector128<float> a, Vector128<float> b)
    {
        if (Avx512DQ.VL.IsSupported)
            return Vector128.ConditionalSelect(Unordered(a, b), a + b, Avx512DQ.VL.Range(a, b, Maximum));
        if (Sse2.IsSupported)
            return Canonicalize(Sse.Max(a, b) & Sse.Max(b, a), a, b);
        return QuietNaNs(Vector128.Max(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2Min(Vector128<double> a, Vector128<double> b)
    {
        if (Avx512DQ.VL.IsSupported)
            return Vector128.ConditionalSelect(Unordered(a, b), a + b, Avx512DQ.VL.Range(a, b, Minimum));
        if (Sse2.IsSupported)
            return Canonicalize(Sse2.Min(a, b) | Sse2.Min(b, a), a, b);
        return QuietNaNs(Vector128.Min(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2Max(Vector128<double> a, Vector128<double> b)
    {
        if (Avx512DQ.VL.IsSupported)
            return Vector128.ConditionalSelect(Unordered(a, b), a + b, Avx512DQ.VL.Range(a, b, Maximum));
        if (Sse2.IsSupported)
            return Canonicalize(Sse2.Max(a, b) & Sse2.Max(b, a), a, b);
        return QuietNaNs(Vector128.Max(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4Pmin(Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.LessThan(b, a), b, a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4Pmax(Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.LessThan(a, b), b, a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2Pmin(Vector128<double> a, Vector128<double> b) =>
        Vector128.ConditionalSelect(Vector128.LessThan(b, a), b, a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2Pmax(Vector128<double> a, Vector128<double> b) =>
        Vector128.ConditionalSelect(Vector128.LessThan(a, b), b, a);

    /// <summary>Lanes of a result; where one of the operands is a NaN, the canonical NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Canonicalize(Vector128<float> result, Vector128<float> a, Vector128<float> b)
    {
        var isNaN = Unordered(a, b).AsUInt32();
        const int Significant = 1 + 8 + 1; // sign, exponent, and the bit that makes a NaN quiet
        return ((result.AsUInt32() | isNaN) & ~(isNaN >>> Significant)).AsSingle();
    }

    /// <inheritdoc cref="Canonicalize(Vector128{float}, Vector128{float}, Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Canonicalize(Vector128<double> result, Vector128<double> a, Vector128<double> b)
    {
        var isNaN = Unordered(a, b).AsUInt64();
        const int Significant = 1 + 11 + 1;
        return ((result.AsUInt64() | isNaN) & ~(isNaN >>> Significant)).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Unordered(Vector128<float> a, Vector128<float> b) => Sse.CompareUnordered(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Unordered(Vector128<double> a, Vector128<double> b) => Sse2.CompareUnordered(a, b);

    private static Vector128<float> QuietNaNs(Vector128<float> a) => Vector128.ConditionalSelect(Vector128.Equals(a, a), a, a + a);

    private static Vector128<double> QuietNaNs(Vector128<double> a) => Vector128.ConditionalSelect(Vector128.Equals(a, a), a, a + a);
}
