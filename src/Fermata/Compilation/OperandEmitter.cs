using System.Reflection.Emit;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Emits the values of operands: constants, variables, and trees of operations.</summary>
/// <param name="il">The code of the method.</param>
/// <param name="subtractsVectors">Whether the function subtracts vectors of floating-point numbers (see <see cref="VectorConstant"/>).</param>
/// <param name="isDeterministic">Whether NaNs are made canonical.</param>
internal sealed partial class OperandEmitter(ILGenerator il, bool subtractsVectors, bool isDeterministic)
{
    /// <summary>Emits a value.</summary>
    public void Emit(Operand operand)
    {
        switch (operand.Kind)
        {
            case OperandKind.Constant when operand.Type.Kind == ValKind.V128:
                VectorConstant.Emit(il, operand.Bits, operand.HighBits, subtractsVectors);
                break;
            case OperandKind.Constant:
                EmitConstant(operand.Type, operand.Bits);
                break;
            case OperandKind.Null:
                il.Emit(OpCodes.Ldnull);
                break;
            case OperandKind.Variable:
                operand.Variable!.EmitLoad(il);
                break;
            case OperandKind.Operation when VectorEmission.IsVector(operand.Opcode):
                EmitVectorOperation(operand);
                break;
            case OperandKind.Operation when operand.Opcode == Opcode.RefIsNull:
                Emit(operand.Left!);
                il.Emit(OpCodes.Ldnull);
                il.Emit(OpCodes.Ceq);
                break;
            default:
                EmitOperand(operand.Opcode, operand.Left!);
                if (operand.Right is not null)
                    EmitOperand(operand.Opcode, operand.Right);
                NumericEmission.Emit(il, operand.Opcode);
                if (isDeterministic)
                    NanEmission.Emit(il, operand.Opcode);
                if (NumericEmission.MayBeRotation(operand))
                    NumericEmission.EmitSettle(il, operand.Type);
                break;
        }
    }

    private void EmitOperand(Opcode opcode, Operand operand)
    {
        if (NumericEmission.HasIdentities(opcode) && operand is { Kind: OperandKind.Constant } && IsZeroOrOne(operand))
            EmitFromBits(operand.Type, operand.Bits);
        else
            Emit(operand);
    }

    private static bool IsZeroOrOne(Operand constant)
    {
        var value = constant.Type == ValType.F32
            ? BitConverter.UInt32BitsToSingle((uint)constant.Bits)
            : BitConverter.UInt64BitsToDouble(constant.Bits);
        return Math.Abs(value) is 0 or 1;
    }

    /// <summary>A floating-point constant that .NET's compilers do not look into: they keep a float as a double, so the bits of a signalling NaN are lost.</summary>
    private void EmitFromBits(ValType type, ulong bits)
    {
        if (type == ValType.F32)
        {
            il.Emit(OpCodes.Ldc_I4, (int)bits);
            NumericEmission.Emit(il, Opcode.F32ReinterpretI32);
        }
        else
        {
            il.Emit(OpCodes.Ldc_I8, (long)bits);
            NumericEmission.Emit(il, Opcode.F64ReinterpretI64);
        }
    }

    private void EmitConstant(ValType type, ulong bits)
    {
        switch (type.Kind)
        {
            case ValKind.I32:
                il.Emit(OpCodes.Ldc_I4, (int)bits);
                break;
            case ValKind.I64:
                il.Emit(OpCodes.Ldc_I8, (long)bits);
                break;
            case ValKind.F32 when float.IsNaN(BitConverter.UInt32BitsToSingle((uint)bits)):
            case ValKind.F64 when double.IsNaN(BitConverter.UInt64BitsToDouble(bits)):
                EmitFromBits(type, bits);
                break;
            case ValKind.F32:
                il.Emit(OpCodes.Ldc_R4, BitConverter.UInt32BitsToSingle((uint)bits));
                break;
            default:
                il.Emit(OpCodes.Ldc_R8, BitConverter.UInt64BitsToDouble(bits));
                break;
        }
    }
}
