using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fermata.Runtime;

/// <content>
/// Section 4.3.3 "Floating-Point Operations". Rounding, square root and, outside x86, minimum and maximum are what the
/// processor and .NET make of IEEE 754. The minimum of x86 gives its second operand when one is a NaN or both are zeros,
/// so it is asked in both orders: the two answers differ only for zeros of different sign, where or-ing gives -0 and
/// and-ing 0, and for NaNs. (Math.Min without AVX-512 is longer and lets signaling NaNs pass.)
/// </content>
internal static partial class NumericOperations
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32Abs(float a) => MathF.Abs(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32Neg(float a) => -a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32Copysign(float a, float b) => MathF.CopySign(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32Ceil(float a) => MathF.Ceiling(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32Floor(float a) => MathF.Floor(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32Trunc(float a) => MathF.Truncate(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32Nearest(float a) => MathF.Round(a, MidpointRounding.ToEven);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32Sqrt(float a) => MathF.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32Min(float a, float b)
    {
        if (!Sse2.IsSupported)
            return F32Quiet(MathF.Min(a, b));
        var x = Vector128.CreateScalarUnsafe(a);
        var y = Vector128.CreateScalarUnsafe(b);
        return F32Canonicalize(Sse.MinScalar(x, y) | Sse.MinScalar(y, x), x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32Max(float a, float b)
    {
        if (!Sse2.IsSupported)
            return F32Quiet(MathF.Max(a, b));
        var x = Vector128.CreateScalarUnsafe(a);
        var y = Vector128.CreateScalarUnsafe(b);
        return F32Canonicalize(Sse.MaxScalar(x, y) & Sse.MaxScalar(y, x), x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64Abs(double a) => Math.Abs(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64Neg(double a) => -a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64Copysign(double a, double b) => Math.CopySign(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64Ceil(double a) => Math.Ceiling(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64Floor(double a) => Math.Floor(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64Trunc(double a) => Math.Truncate(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64Nearest(double a) => Math.Round(a, MidpointRounding.ToEven);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64Sqrt(double a) => Math.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64Min(double a, double b)
    {
        if (!Sse2.IsSupported)
            return F64Quiet(Math.Min(a, b));
        var x = Vector128.CreateScalarUnsafe(a);
        var y = Vector128.CreateScalarUnsafe(b);
        return F64Canonicalize(Sse2.MinScalar(x, y) | Sse2.MinScalar(y, x), x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64Max(double a, double b)
    {
        if (!Sse2.IsSupported)
            return F64Quiet(Math.Max(a, b));
        var x = Vector128.CreateScalarUnsafe(a);
        var y = Vector128.CreateScalarUnsafe(b);
        return F64Canonicalize(Sse2.MaxScalar(x, y) & Sse2.MaxScalar(y, x), x, y);
    }

    /// <summary>The low element of a result; if one of the operands is a NaN, the canonical NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float F32Canonicalize(Vector128<float> result, Vector128<float> a, Vector128<float> b)
    {
        var isNaN = Sse.CompareScalarUnordered(a, b).AsUInt32();
        const int Significant = 1 + 8 + 1; // sign, exponent, and the bit that makes a NaN quiet
        return ((result.AsUInt32() | isNaN) & ~(isNaN >>> Significant)).AsSingle().ToScalar();
    }

    /// <inheritdoc cref="F32Canonicalize"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double F64Canonicalize(Vector128<double> result, Vector128<double> a, Vector128<double> b)
    {
        var isNaN = Sse2.CompareScalarUnordered(a, b).AsUInt64();
        const int Significant = 1 + 11 + 1;
        return ((result.AsUInt64() | isNaN) & ~(isNaN >>> Significant)).AsDouble().ToScalar();
    }

    private static float F32Quiet(float a) => float.IsNaN(a) ? a + a : a;

    private static double F64Quiet(double a) => double.IsNaN(a) ? a + a : a;
}
