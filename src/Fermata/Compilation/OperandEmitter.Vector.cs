using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Operations on vectors.</summary>
internal sealed partial class OperandEmitter
{
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
            Emit(operation.Left!);
            ShuffleEmission.EmitConstantSwizzle(il, operation.Right.Bits, operation.Right.HighBits);
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
                    il.Emit(OpCodes.Ldc_I4, (int)operation.Bits);
                    break;
                case '1':
                    emission.EmitOnes(il, i);
                    break;
                case var letter:
                    var operand = letter == 'a' ? operation.Left! : letter == 'b' ? operation.Right! : operation.Third!;
                    EmitArgument(operand, isConstant, opcode, emission, i);
                    break;
            }
        }

        emission.EmitCall(il);
        if (isDeterministic)
            NanEmission.Emit(il, opcode);
    }

    private void EmitArgument(Operand operand, bool isHidden, Opcode opcode, VectorEmission emission, int argument)
    {
        if (operand is not { Kind: OperandKind.Constant, Type.Kind: ValKind.V128 })
            Emit(operand);
        else if (isHidden)
            VectorConstant.EmitHidden(il, operand.Bits, operand.HighBits);
        else
            VectorConstant.Emit(il, operand.Bits, operand.HighBits, opcode, argument);
        emission.EmitConversion(il, argument);
    }

    private void EmitShuffle(Operand operation)
    {
        var isOneVector = operation.Left!.Kind == OperandKind.Variable && operation.Left.Variable == operation.Right!.Variable;
        var shuffle = ShuffleEmission.Of(Vector128.Create(operation.Bits, operation.HighBits).AsByte(), isOneVector);
        var (first, second) = shuffle.IsSwapped ? (operation.Right!, operation.Left) : (operation.Left, operation.Right!);
        Emit(first);
        VectorEmission.EmitReinterpretation(il, typeof(byte), shuffle.Lane);
        if (shuffle.Vectors > 1)
        {
            Emit(second);
            VectorEmission.EmitReinterpretation(il, typeof(byte), shuffle.Lane);
        }

        shuffle.Emit(il);
    }
}
