using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Vector instructions: those without effect become trees as numeric ones do; loads and stores are made where they stand.</summary>
internal sealed partial class FunctionCompiler
{
    private void EmitVector(in Instruction instruction)
    {
        switch (instruction.Info.Immediate)
        {
            case Immediate.V128:
                var (low, high) = Halves(instruction.Vector);
                Push(new Operand { Kind = OperandKind.Constant, Type = ValType.V128, Bits = low, HighBits = high });
                break;
            case Immediate.MemoryArgument or Immediate.MemoryArgumentAndLane:
                EmitVectorAccess(in instruction);
                break;
            default:
                PushVectorOperation(in instruction);
                break;
        }
    }

    private static (ulong Low, ulong High) Halves(Vector128<byte> vector) => (vector.AsUInt64()[0], vector.AsUInt64()[1]);

    private void PushVectorOperation(in Instruction instruction)
    {
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
            ShuffleEmission.EmitConstantSwizzle(_il, operation.Right.Bits, operation.Right.HighBits);
            return;
        }

        var emission = VectorEmission.Of(opcode);
        var count = 0;
        EmitVectorOperand(operation.Left);
        EmitVectorOperand(operation.Right);
        EmitVectorOperand(operation.Third);
        if (emission.ParameterCount > count)
            _il.Emit(OpCodes.Ldc_I4, (int)operation.Bits);
        emission.EmitCall(_il);

        void EmitVectorOperand(Operand? operand)
        {
            if (operand is null)
                return;
            if (operand is { Kind: OperandKind.Constant, Type.Kind: ValKind.V128 })
                VectorConstant.Emit(_il, operand.Bits, operand.HighBits, opcode, count);
            else
                EmitValue(operand);
            emission.EmitConversion(_il, count++);
        }
    }

    private void EmitShuffle(Operand operation)
    {
        var isOneVector = operation.Left!.Kind == OperandKind.Variable && operation.Left.Variable == operation.Right!.Variable;
        var shuffle = ShuffleEmission.Of(Vector128.Create(operation.Bits, operation.HighBits).AsByte(), isOneVector);
        var (first, second) = shuffle.IsSwapped ? (operation.Right!, operation.Left) : (operation.Left, operation.Right!);
        EmitValue(first);
        VectorEmission.EmitReinterpretation(_il, typeof(byte), shuffle.Lane);
        if (shuffle.Vectors > 1)
        {
            EmitValue(second);
            VectorEmission.EmitReinterpretation(_il, typeof(byte), shuffle.Lane);
        }

        shuffle.Emit(_il);
    }

    private void EmitVectorAccess(in Instruction instruction)
    {
        var info = instruction.Info;
        var value = info.Signature!.StartsWith("av", StringComparison.Ordinal) ? Pop() : null;
        EmitBoundsCheck(in instruction, Pop(), 1 << info.Width);
        EmitEffectiveAddress(in instruction);
        if (value is not null)
            Emit(value);
        if (info.Immediate == Immediate.MemoryArgumentAndLane)
            _il.Emit(OpCodes.Ldc_I4, (int)instruction.Lane);
        VectorEmission.EmitAccess(_il, info.Opcode);
        if (!info.Signature.EndsWith(':'))
            PushResult(ValType.V128);
    }
}
