using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Fermata.Runtime;

/// <content>
/// Section 4.3.4 "Conversions": truncations of floating-point numbers to integers. x86 converts what does not fit to the
/// smallest number, so that one comparison of the result is enough; other processors saturate, and the operand is compared.
/// </content>
internal static partial class NumericOperations
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncF32S(float a)
    {
        int result = float.ConvertToIntegerNative<int>(a);
        if ((!Sse2.IsSupported || result == int.MinValue) && !(a >= -2147483648f && a < 2147483648f))
            throw TruncationTrap(a);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncF32U(float a)
    {
        long result = float.ConvertToIntegerNative<long>(a);
        if ((!Sse2.X64.IsSupported || (ulong)result > uint.MaxValue) && !(a > -1f && a < 4294967296f))
            throw TruncationTrap(a);
        return (int)result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncF32S(float a)
    {
        long result = float.ConvertToIntegerNative<long>(a);
        if ((!Sse2.X64.IsSupported || result == long.MinValue) && !(a >= -9223372036854775808f && a < 9223372036854775808f))
            throw TruncationTrap(a);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncF32U(float a)
    {
        long result = float.ConvertToIntegerNative<long>(a);
        return Sse2.X64.IsSupported && result >= 0 ? result : TruncateUnsigned(a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncF64S(double a)
    {
        int result = double.ConvertToIntegerNative<int>(a);
        if ((!Sse2.IsSupported || result == int.MinValue) && !(a > -2147483649d && a < 2147483648d))
            throw TruncationTrap(a);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncF64U(double a)
    {
        long result = double.ConvertToIntegerNative<long>(a);
        if ((!Sse2.X64.IsSupported || (ulong)result > uint.MaxValue) && !(a > -1d && a < 4294967296d))
            throw TruncationTrap(a);
        return (int)result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncF64S(double a)
    {
        long result = double.ConvertToIntegerNative<long>(a);
        if ((!Sse2.X64.IsSupported || result == long.MinValue) && !(a >= -9223372036854775808d && a < 9223372036854775808d))
            throw TruncationTrap(a);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncF64U(double a)
    {
        long result = double.ConvertToIntegerNative<long>(a);
        return Sse2.X64.IsSupported && result >= 0 ? result : TruncateUnsigned(a);
    }

    // C# and IL conversions of floating-point numbers saturate, and take a NaN to 0, since .NET 9.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncSatF32S(float a) => (int)a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncSatF32U(float a) => (int)(uint)a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncSatF64S(double a) => (int)a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32TruncSatF64U(double a) => (int)(uint)a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncSatF32S(float a) => (long)a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncSatF32U(float a) => (long)(ulong)a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncSatF64S(double a) => (long)a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64TruncSatF64U(double a) => (long)(ulong)a;

    /// <summary>The numbers from 2^63 on, and those that trap.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long TruncateUnsigned(double a) =>
        a > -1d && a < 18446744073709551616d ? (long)(ulong)a : throw TruncationTrap(a);

    /// <summary>The trap of a number that no integer of the type stands for.</summary>
    private static TrapException TruncationTrap(double a) =>
        TrapException.Create(double.IsNaN(a) ? TrapKind.InvalidConversionToInteger : TrapKind.IntegerOverflow);
}
