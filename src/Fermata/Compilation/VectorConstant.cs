using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Pushes constants of type v128.</summary>
/// <remarks>
/// The JIT knows what it must not: it takes <c>x * 1</c>, <c>x / 1</c>, <c>x - 0</c> and <c>x + -0</c> for <c>x</c>, and a lane taken out
/// of a constant goes through a double, so that signaling NaNs stay so, or become quiet where they must not. Where this can happen, a
/// constant is made of numbers that it does not look into, which takes some instructions more.
/// </remarks>
internal static class VectorConstant
{
    private static readonly MethodInfo FromHalves = Create(typeof(ulong), typeof(ulong));
    private static readonly MethodInfo FromHiddenHalves = Create(typeof(double), typeof(double));
    private static readonly MethodInfo FromHiddenHalf = Create(typeof(double));

    /// <summary>For anything, such as a variable; the JIT knows what constants variables have.</summary>
    public static void Emit(ILGenerator il, ulong low, ulong high, bool mayBeSubtracted)
    {
        if ((mayBeSubtracted && IsZero(low, high)) || IsOne(low, high) || IsNegativeZero(low, high) || HasSignalingNan(low, high))
            EmitHidden(il, low, high);
        else
            EmitVisible(il, low, high);
    }

    /// <summary>For an instruction that has other operands that are not constant.</summary>
    /// <param name="il">Where to.</param>
    /// <param name="low">The low half.</param>
    /// <param name="high">The high half.</param>
    /// <param name="consumer">The instruction that takes the constant.</param>
    /// <param name="position">Which of its operands it is.</param>
    public static void Emit(ILGenerator il, ulong low, ulong high, Opcode consumer, int position)
    {
        if (IsIdentity(low, high, consumer, position) || (VectorEmission.Of(consumer).TakesFloats(position) && HasSignalingNan(low, high)))
            EmitHidden(il, low, high);
        else
            EmitVisible(il, low, high);
    }

    /// <summary>For what has no other operand, or only constants: the JIT would compute it, and know the result.</summary>
    public static void EmitHidden(ILGenerator il, ulong low, ulong high)
    {
        EmitHiddenHalf(il, low);
        if (low != high)
            EmitHiddenHalf(il, high);
        il.Emit(OpCodes.Call, low == high ? FromHiddenHalf : FromHiddenHalves);
        VectorEmission.EmitReinterpretation(il, typeof(double), typeof(byte));
    }

    /// <summary>For what only moves bytes.</summary>
    public static void EmitVisible(ILGenerator il, ulong low, ulong high)
    {
        il.Emit(OpCodes.Ldc_I8, (long)low);
        il.Emit(OpCodes.Ldc_I8, (long)high);
        il.Emit(OpCodes.Call, FromHalves);
        VectorEmission.EmitReinterpretation(il, typeof(ulong), typeof(byte));
    }

    /// <summary>Whether the JIT would drop the operation. A minimum or maximum contains an addition.</summary>
    private static bool IsIdentity(ulong low, ulong high, Opcode consumer, int position) => consumer switch
    {
        Opcode.F32x4Add or Opcode.F64x2Add
            or Opcode.F32x4Min or Opcode.F32x4Max or Opcode.F64x2Min or Opcode.F64x2Max
            or (>= Opcode.F32x4RelaxedMin and <= Opcode.F64x2RelaxedMax) => IsNegativeZero(low, high),
        Opcode.F32x4Sub or Opcode.F64x2Sub => position == 1 && IsZero(low, high),
        Opcode.F32x4Mul or Opcode.F64x2Mul => IsOne(low, high),
        Opcode.F32x4Div or Opcode.F64x2Div => position == 1 && IsOne(low, high),
        _ => false,
    };

    /// <summary>Whether all lanes are 1 or all are -1, of either width.</summary>
    private static bool IsOne(ulong low, ulong high) =>
        low == high && low is 0x3F80_0000_3F80_0000 or 0xBF80_0000_BF80_0000 or 0x3FF0_0000_0000_0000 or 0xBFF0_0000_0000_0000;

    private static bool IsZero(ulong low, ulong high) => (low | high) == 0;

    private static bool IsNegativeZero(ulong low, ulong high) => low == high && low is 0x8000_0000_8000_0000 or 0x8000_0000_0000_0000;

    private static bool HasSignalingNan(ulong low, ulong high) => HasSignalingNan(low) || HasSignalingNan(high);

    private static bool HasSignalingNan(ulong half)
    {
        const ulong InfinityAndNan64 = 0x7FF0_0000_0000_0000;
        const ulong Quiet64 = InfinityAndNan64 | (1ul << 51);
        return (half & ~(1ul << 63)) is > InfinityAndNan64 and < Quiet64 || IsSignaling((uint)half) || IsSignaling((uint)(half >> 32));
    }

    private static bool IsSignaling(uint lane)
    {
        const uint InfinityAndNan32 = 0x7F80_0000;
        const uint Quiet32 = InfinityAndNan32 | (1 << 22);
        return (lane & ~(1u << 31)) is > InfinityAndNan32 and < Quiet32;
    }

    private static void EmitHiddenHalf(ILGenerator il, ulong half)
    {
        il.Emit(OpCodes.Ldc_I8, (long)half);
        NumericEmission.Emit(il, Opcode.F64ReinterpretI64);
    }

    private static MethodInfo Create(params Type[] halves) => typeof(Vector128).GetMethod(nameof(Vector128.Create), halves)!;
}
