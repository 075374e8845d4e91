using System.Runtime.Intrinsics;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>
/// Vector instructions: those without effect become trees as numeric ones do; loads and stores are made where they stand.
/// </summary>
internal sealed partial class FunctionCompiler
{
    private void EmitVector(in Instruction instruction)
    {
        switch (instruction.Info.Immediate)
        {
            case Immediate.V128:
                var (low, high) = Halves(instruction.Vector);
                PushVector(low, high);
                break;
            case Immediate.None when SplatWidth(instruction.Opcode) is { } width && _stack.Top.IsConstant:
                var lanes = Replicate(_stack.Pop().Bits, width);
                PushVector(lanes, lanes);
                break;
            case Immediate.MemoryArgument or Immediate.MemoryArgumentAndLane:
                EmitVectorAccess(in instruction);
                break;
            default:
                PushVectorOperation(in instruction);
                break;
        }
    }

    private void PushVector(ulong low, ulong high) =>
        _stack.Push(new Operand { Kind = OperandKind.Constant, Type = ValType.V128, Bits = low, HighBits = high });

    private static int? SplatWidth(Opcode opcode) => opcode switch
    {
        Opcode.I8x16Splat => 8,
        Opcode.I16x8Splat => 16,
        Opcode.I32x4Splat or Opcode.F32x4Splat => 32,
        Opcode.I64x2Splat or Opcode.F64x2Splat => 64,
        _ => null,
    };

    /// <summary>The low bits, as often as they fit.</summary>
    private static ulong Replicate(ulong bits, int width)
    {
        bits &= ulong.MaxValue >> (64 - width);
        for (; width < 64; width *= 2)
            bits |= bits << width;
        return bits;
    }

    private static (ulong Low, ulong High) Halves(Vector128<byte> vector) => (vector.AsUInt64()[0], vector.AsUInt64()[1]);

    private void PushVectorOperation(in Instruction instruction)
    {
        if (instruction.Opcode is >= Opcode.F32x4RelaxedMadd and <= Opcode.F64x2RelaxedNmadd)
        {
            PushMultiplyAdd(instruction.Opcode);
            return;
        }

        var count = instruction.Info.Signature!.IndexOf(':');
        var third = count > 2 ? _stack.Pop() : null;
        var right = count > 1 ? _stack.Pop() : null;
        var left = _stack.Pop();
        var isShuffle = instruction.Info.Immediate == Immediate.Lanes;
        var (low, high) = isShuffle ? Halves(instruction.Vector) : (instruction.Lane, 0);
        _stack.PushOperation(new Operand
        {
            Kind = OperandKind.Operation,
            Type = ResultOf(instruction.Info),
            Opcode = instruction.Opcode,
            Left = left,
            Right = right,
            Third = third,
            Bits = low,
            HighBits = high,
            Size = 1 + left.Size + (right?.Size ?? 0) + (third?.Size ?? 0),
        });
    }

    /// <summary>
    /// As in the deterministic profile, the product is rounded before it is added: also processors without a fused addition give this.
    /// </summary>
    private void PushMultiplyAdd(Opcode opcode)
    {
        var isF32 = opcode is Opcode.F32x4RelaxedMadd or Opcode.F32x4RelaxedNmadd;
        var addend = _stack.Pop();
        var right = _stack.Pop();
        if (opcode is Opcode.F32x4RelaxedNmadd or Opcode.F64x2RelaxedNmadd)
            _stack.PushOperation(isF32 ? Opcode.F32x4Neg : Opcode.F64x2Neg, ValType.V128, _stack.Pop(), null);
        _stack.PushOperation(isF32 ? Opcode.F32x4Mul : Opcode.F64x2Mul, ValType.V128, _stack.Pop(), right);
        _stack.PushOperation(isF32 ? Opcode.F32x4Add : Opcode.F64x2Add, ValType.V128, _stack.Pop(), addend);
    }

    private void EmitVectorAccess(in Instruction instruction)
    {
        var info = instruction.Info;
        var access = VectorAccess.Of(info.Opcode);
        var vector = info.Signature!.StartsWith("av", StringComparison.Ordinal) ? _stack.Pop() : null;
        var address = CheckBounds(in instruction, _stack.Pop(), 1 << info.Width, isLoad: !access.IsStore);
        if (access.IsStore)
            EmitEffectiveAddress(in instruction, address);
        if (vector is not null)
            _stack.Emit(vector);
        if (info.Immediate == Immediate.MemoryArgumentAndLane)
            access.EmitLane(_il, instruction.Lane);
        if (access.IsStore)
        {
            access.EmitStore(_il, isSingle: HasGuards(instruction.Index));
            return;
        }

        EmitEffectiveAddress(in instruction, address);
        access.EmitLoad(_il);
        _stack.PushResult(ValType.V128);
    }
}
