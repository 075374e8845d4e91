using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fermata.Runtime;

/// <content>Section 4.3.4 "Conversions", without those from floating-point numbers to integers.</content>
internal static partial class NumericOperations
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32ConvertI32S(int a) => a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32ConvertI32U(int a) => (long)(uint)a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32ConvertI64S(long a) => a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32ConvertI64U(long a) => (ulong)a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64ConvertI32S(int a) => a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64ConvertI32U(int a) => (long)(uint)a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64ConvertI64S(long a) => a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64ConvertI64U(long a) => (ulong)a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32DemoteF64(double a) =>
        // The JIT takes a cast of a promoted number for nothing, and so leaves a signaling NaN as it is.
        Sse2.IsSupported
            ? Sse2.ConvertScalarToVector128Single(Vector128.CreateScalarUnsafe(a).AsSingle(), Vector128.CreateScalarUnsafe(a)).ToScalar()
            : F32Quiet((float)a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64PromoteF32(float a) => a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32ReinterpretF32(float a) => BitConverter.SingleToInt32Bits(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64ReinterpretF64(double a) => BitConverter.DoubleToInt64Bits(a);

    /// <summary>Reinterprets, also where the operand is a constant, in a way that the JIT does not see through.</summary>
    /// <remarks>
    /// The JIT keeps constants of type float as doubles, which makes signaling NaNs quiet. So this is also how generated
    /// code makes such constants, and others that the JIT must not know: it takes <c>x * 1</c>, <c>x / 1</c>, <c>x - 0</c>
    /// and <c>x + -0</c> for <c>x</c>, which is wrong for signaling NaNs.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float F32ReinterpretI32(int a) =>
        Sse2.IsSupported
            ? Sse2.ConvertScalarToVector128Int32(a).AsSingle().ToScalar()
            : Volatile.Read(ref Unsafe.As<int, float>(ref a));

    /// <inheritdoc cref="F32ReinterpretI32"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double F64ReinterpretI64(long a) =>
        Sse2.X64.IsSupported
            ? Sse2.X64.ConvertScalarToVector128Int64(a).AsDouble().ToScalar()
            : Volatile.Read(ref Unsafe.As<long, double>(ref a));
}
