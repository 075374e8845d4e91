using System.Reflection.Emit;
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
            case Immediate.None when SplatWidth(instruction.Opcode) is { } width && _stack[^1].IsConstant:
                var lanes = Replicate(Pop().Bits, width);
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
        Push(new Operand { Kind = OperandKind.Constant, Type = ValType.V128, Bits = low, HighBits = high });

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
        var third = count > 2 ? Pop() : null;
        var right = count > 1 ? Pop() : null;
        var left = Pop();
        var isShuffle = instruction.Info.Immediate == Immediate.Lanes;
        var (low, high) = isShuffle ? Halves(instruction.Vector) : (instruction.Lane, 0);
        PushOperation(new Operand
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
        var addend = Pop();
        var right = Pop();
        if (opcode is Opcode.F32x4RelaxedNmadd or Opcode.F64x2RelaxedNmadd)
            PushOperation(isF32 ? Opcode.F32x4Neg : Opcode.F64x2Neg, ValType.V128, Pop(), null);
        PushOperation(isF32 ? Opcode.F32x4Mul : Opcode.F64x2Mul, ValType.V128, Pop(), right);
        PushOperation(isF32 ? Opcode.F32x4Add : Opcode.F64x2Add, ValType.V128, Pop(), addend);
    }

    private void EmitVectorOperation(Operand operation)
    {
        var opcode = operation.Opcode;
        if (opcode == Opcode.I8x16Shuffle)
        {
            EmitShuffle(operation);
            return;
        }

        if (opcode is Opcode.I8x16Swizzle or Opcode.I8x16RelaxedSwizzle && operation.Right!.IsConstant)
        {
            EmitValue(operation.Left!);
            ShuffleEmission.EmitConstantSwizzle(_il, _module.Calls, operation.Right.Bits, operation.Right.HighBits);
            return;
        }

        var emission = VectorEmission.Of(opcode);
        var isConstant = operation is
        { Left.IsConstant: true, Right: null or { IsConstant: true }, Third: null or { IsConstant: true } };
        for (var i = 0; i < emission.Order.Length; i++)
        {
            switch (emission.Order[i])
            {
                case '#':
                    _il.Emit(OpCodes.Ldc_I4, (int)operation.Bits);
                    break;
                case '1':
                    emission.EmitOnes(_il, i);
                    break;
                case var letter:
                    var operand = letter == 'a' ? operation.Left! : letter == 'b' ? operation.Right! : operation.Third!;
                    EmitArgument(operand, isConstant, opcode, emission, i);
                    break;
            }
        }

        emission.EmitCall(_il, _module.Calls);
    }

    private void EmitArgument(Operand operand, bool isHidden, Opcode opcode, VectorEmission emission, int argument)
    {
        if (operand is not { Kind: OperandKind.Constant, Type.Kind: ValKind.V128 })
            EmitValue(operand);
        else if (isHidden)
            VectorConstant.EmitHidden(_il, _module.Calls, operand.Bits, operand.HighBits);
        else
            VectorConstant.Emit(_il, _module.Calls, operand.Bits, operand.HighBits, opcode, argument);
        emission.EmitConversion(_il, _module.Calls, argument);
    }

    private void EmitShuffle(Operand operation)
    {
        var isOneVector = operation.Left!.Kind == OperandKind.Variable && operation.Left.Variable == operation.Right!.Variable;
        var shuffle = ShuffleEmission.Of(Vector128.Create(operation.Bits, operation.HighBits).AsByte(), isOneVector);
        var (first, second) = shuffle.IsSwapped ? (operation.Right!, operation.Left) : (operation.Left, operation.Right!);
        EmitValue(first);
        VectorEmission.EmitReinterpretation(_il, _module.Calls, typeof(byte), shuffle.Lane);
        if (shuffle.Vectors > 1)
        {
            EmitValue(second);
            VectorEmission.EmitReinterpretation(_il, _module.Calls, typeof(byte), shuffle.Lane);
        }

        shuffle.Emit(_il, _module.Calls);
    }

    private void EmitVectorAccess(in Instruction instruction)
    {
        var info = instruction.Info;
        var access = VectorAccess.Of(info.Opcode);
        var vector = info.Signature!.StartsWith("av", StringComparison.Ordinal) ? Pop() : null;
        EmitBoundsCheck(in instruction, Pop(), 1 << info.Width);
        if (access.IsStore)
            EmitEffectiveAddress(in instruction);
        if (vector is not null)
            Emit(vector);
        if (info.Immediate == Immediate.MemoryArgumentAndLane)
            access.EmitLane(_il, _module.Calls, instruction.Lane);
        if (access.IsStore)
        {
            access.EmitStore(_il, _module.Calls);
            return;
        }

        EmitEffectiveAddress(in instruction);
        access.EmitLoad(_il, _module.Calls);
        PushResult(ValType.V128);
    }
}
