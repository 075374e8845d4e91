using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fermata.Runtime;

/// <content>Section 4.3.2 "Integer Operations".</content>
internal static partial class NumericOperations
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32Clz(int a) => BitOperations.LeadingZeroCount((uint)a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32Ctz(int a) => BitOperations.TrailingZeroCount(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32Popcnt(int a) => BitOperations.PopCount((uint)a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32Shl(int a, int b) => a << b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32ShrS(int a, int b) => a >> b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32ShrU(int a, int b) => a >>> b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32Rotl(int a, int b) => Rotation.Settle((int)BitOperations.RotateLeft((uint)a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32Rotr(int a, int b) => Rotation.Settle((int)BitOperations.RotateRight((uint)a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32DivS(int a, int b)
    {
        // One test for the two divisors that need care, 0 and -1.
        if ((uint)(b + 1) <= 1)
        {
            if (b == 0)
                Trap.IntegerDivideByZero();
            if (a == int.MinValue)
                Trap.IntegerOverflow();
            return -a;
        }
        return a / b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32DivU(int a, int b)
    {
        if (b == 0)
            Trap.IntegerDivideByZero();
        return (int)((uint)a / (uint)b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32RemS(int a, int b)
    {
        // The hardware faults on the remainder of the smallest number by -1, which is 0.
        if ((uint)(b + 1) <= 1)
        {
            if (b == 0)
                Trap.IntegerDivideByZero();
            return 0;
        }
        return a % b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32RemU(int a, int b)
    {
        if (b == 0)
            Trap.IntegerDivideByZero();
        return (int)((uint)a % (uint)b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64Clz(long a) => BitOperations.LeadingZeroCount((ulong)a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64Ctz(long a) => BitOperations.TrailingZeroCount(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64Popcnt(long a) => BitOperations.PopCount((ulong)a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64Shl(long a, long b) => a << (int)b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64ShrS(long a, long b) => a >> (int)b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64ShrU(long a, long b) => a >>> (int)b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64Rotl(long a, long b) => Rotation.Settle((long)BitOperations.RotateLeft((ulong)a, (int)b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64Rotr(long a, long b) => Rotation.Settle((long)BitOperations.RotateRight((ulong)a, (int)b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64DivS(long a, long b)
    {
        // One test for the two divisors that need care, 0 and -1.
        if ((ulong)(b + 1) <= 1)
        {
            if (b == 0)
                Trap.IntegerDivideByZero();
            if (a == long.MinValue)
                Trap.IntegerOverflow();
            return -a;
        }
        return a / b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64DivU(long a, long b)
    {
        if (b == 0)
            Trap.IntegerDivideByZero();
        return (long)((ulong)a / (ulong)b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64RemS(long a, long b)
    {
        // The hardware faults on the remainder of the smallest number by -1, which is 0.
        if ((ulong)(b + 1) <= 1)
        {
            if (b == 0)
                Trap.IntegerDivideByZero();
            return 0;
        }
        return a % b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64RemU(long a, long b)
    {
        if (b == 0)
            Trap.IntegerDivideByZero();
        return (long)((ulong)a % (ulong)b);
    }
}
