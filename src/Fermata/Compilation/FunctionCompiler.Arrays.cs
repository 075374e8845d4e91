using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Arrays (section 4.6.9 "Reference Instructions"): .NET arrays, see <see cref="ArrayClass"/>.</summary>
internal sealed partial class FunctionCompiler
{
    private bool TryEmitArray(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.ArrayNew:
                EmitArrayNew(instruction.Index);
                return true;
            case Opcode.ArrayNewDefault:
                EmitNewArray(ArrayClassAt(instruction.Index), _stack.PopReusable());
                _stack.PushResult(NonNullReference(instruction.Index));
                return true;
            case Opcode.ArrayNewFixed:
                EmitArrayNewFixed(instruction.Index, instruction.Index2);
                return true;
            case Opcode.ArrayNewData or Opcode.ArrayNewElem:
                EmitArrayNewSegment(in instruction);
                return true;
            case Opcode.ArrayGet or Opcode.ArrayGetS or Opcode.ArrayGetU:
                EmitArrayGet(in instruction);
                return true;
            case Opcode.ArraySet:
                EmitArraySet(instruction.Index);
                return true;
            case Opcode.ArrayLen:
                _stack.Emit(PopNonNull(nameof(Trap.NullArrayReference)));
                EmitLength();
                _stack.PushResult(ValType.I32);
                return true;
            case Opcode.ArrayFill:
                EmitArrayFill(ArrayClassAt(instruction.Index));
                return true;
            case Opcode.ArrayCopy:
                _stack.Emit(_stack.Pop(5));
                EmitContext();
                _il.Emit(OpCodes.Call, AggregateMembers.CopyOf(ArrayClassAt(instruction.Index).Value.FieldType));
                EmitEndTest();
                return true;
            case Opcode.ArrayInitData or Opcode.ArrayInitElem:
                EmitArrayInitSegment(in instruction);
                return true;
            default:
                return false;
        }
    }

    private ArrayClass ArrayClassAt(int typeIndex) => _module.Aggregates.Array(_module.Types.Types[typeIndex]);

    private void EmitLength()
    {
        _il.Emit(OpCodes.Ldlen);
        _il.Emit(OpCodes.Conv_I4);
    }

    private void EmitArrayNew(int typeIndex)
    {
        var type = ArrayClassAt(typeIndex);
        var length = _stack.PopReusable();
        var value = _stack.Pop();
        var isDefault = IsDefault(value);
        EmitNewArray(type, length, keepsLength: !isDefault);
        _stack.PushResult(NonNullReference(typeIndex));
        if (isDefault)
            return;

        _stack.EmitValue(_stack.Top);
        _il.Emit(OpCodes.Ldc_I4_0);
        _stack.Emit(value);
        EmitPack(type.Element.Packing);
        _stack.Emit(length);
        EmitContext();
        _il.Emit(OpCodes.Call, AggregateMembers.FillOf(type.Value.FieldType));
        EmitEndTest();
    }

    private void EmitArrayFill(ArrayClass type)
    {
        var operands = _stack.Pop(4);
        for (var i = 0; i < operands.Length; i++)
        {
            _stack.Emit(operands[i]);
            if (i == 2)
                EmitPack(type.Element.Packing);
        }

        EmitContext();
        _il.Emit(OpCodes.Call, AggregateMembers.FillOf(type.Value.FieldType));
        EmitEndTest();
    }

    /// <summary>Leaves a new array of zeros or nulls on the IL stack, which is empty before. Long ones are made by the run-time, which knows the limit.</summary>
    private void EmitNewArray(ArrayClass type, Operand length, bool keepsLength = false)
    {
        var array = _variables.Take(ValType.ExternRef);
        if (length.IsConstant && (uint)length.Bits <= (uint)type.SmallLength)
        {
            EmitNewSmallArray(type, length, array);
            array.EmitLoad(_il);
            _variables.Release(array);
            return;
        }

        var isLong = _il.DefineLabel();
        var end = _il.DefineLabel();
        _stack.EmitValue(length);
        _il.Emit(OpCodes.Ldc_I4, type.SmallLength);
        _il.Emit(OpCodes.Bgt_Un, isLong);
        EmitNewSmallArray(type, length, array);
        _il.MarkLabel(end);
        array.EmitLoad(_il);
        _variables.Release(array);
        _cold.Paths.Add(() =>
        {
            _il.MarkLabel(isLong);
            EmitType(type.Type);
            _il.Emit(OpCodes.Ldc_I4, type.ElementSize);
            _stack.EmitValue(length);
            EmitContext();
            _il.Emit(OpCodes.Call, AggregateMembers.NewArray);
            array.EmitStore(_il);
            EmitEndTest();
            _il.Emit(OpCodes.Br, end);
        });
        if (!keepsLength)
            _stack.Drop(length);
    }

    private void EmitNewSmallArray(ArrayClass type, Operand length, Variable array)
    {
        _stack.EmitValue(length);
        _il.Emit(OpCodes.Newarr, type.ElementType);
        array.EmitStore(_il);
        EmitCount(array, () =>
        {
            _stack.EmitValue(length);
            _il.Emit(OpCodes.Conv_U8);
            _il.Emit(OpCodes.Ldc_I4, type.ElementSize);
            _il.Emit(OpCodes.Conv_I8);
            _il.Emit(OpCodes.Mul);
            _il.Emit(OpCodes.Ldc_I4, ArrayOperations.HeaderBytes);
            _il.Emit(OpCodes.Conv_I8);
            _il.Emit(OpCodes.Add);
        });
    }

    private void EmitArrayNewFixed(int typeIndex, int count)
    {
        var type = ArrayClassAt(typeIndex);
        var values = _stack.Pop(count);
        EmitNewArray(type, new Operand { Kind = OperandKind.Constant, Type = ValType.I32, Bits = (uint)count });
        _stack.PushResult(NonNullReference(typeIndex));
        for (var i = 0; i < values.Length; i++)
        {
            if (IsDefault(values[i]))
                continue;
            _stack.EmitValue(_stack.Top);
            _il.Emit(OpCodes.Ldc_I4, i);
            _il.Emit(OpCodes.Ldelema, type.AccessedElementType);
            _stack.Emit(values[i]);
            _il.Emit(OpCodes.Stfld, type.Value);
        }
    }

    private void EmitArrayNewSegment(in Instruction instruction)
    {
        var type = ArrayClassAt(instruction.Index);
        var operands = _stack.Pop(2);
        EmitType(type.Type);
        if (instruction.Opcode == Opcode.ArrayNewData)
            _il.Emit(OpCodes.Ldc_I4, type.ElementSize);
        EmitSegment(instruction.Opcode == Opcode.ArrayNewData, instruction.Index2);
        _stack.Emit(operands);
        EmitContext();
        _il.Emit(OpCodes.Call, instruction.Opcode == Opcode.ArrayNewData ? AggregateMembers.NewData : AggregateMembers.NewElem);
        _stack.PushResult(NonNullReference(instruction.Index));
        EmitEndTest();
    }

    private void EmitArrayInitSegment(in Instruction instruction)
    {
        var operands = _stack.Pop(3);
        _stack.Emit(_stack.Pop());
        if (instruction.Opcode == Opcode.ArrayInitData)
            _il.Emit(OpCodes.Ldc_I4, ArrayClassAt(instruction.Index).ElementSize);
        EmitSegment(instruction.Opcode == Opcode.ArrayInitData, instruction.Index2);
        _stack.Emit(operands);
        EmitContext();
        _il.Emit(OpCodes.Call, instruction.Opcode == Opcode.ArrayInitData ? AggregateMembers.InitData : AggregateMembers.InitElem);
        EmitEndTest();
    }

    private void EmitArrayGet(in Instruction instruction)
    {
        var type = ArrayClassAt(instruction.Index);
        var index = _stack.PopReusable();
        EmitElementAddress(type, PopNonNull(nameof(Trap.NullArrayReference)), index);
        EmitLoadField(type.Value, isUnsigned: instruction.Opcode == Opcode.ArrayGetU);
        _stack.PushResult(type.Element.Unpacked);
    }

    private void EmitArraySet(int typeIndex)
    {
        var type = ArrayClassAt(typeIndex);
        var value = _stack.Pop();
        var index = _stack.PopReusable();
        EmitElementAddress(type, PopNonNull(nameof(Trap.NullArrayReference)), index);
        _stack.Emit(value);
        _il.Emit(OpCodes.Stfld, type.Value);
    }

    /// <summary>The comparison is in the form that makes the JIT drop its own.</summary>
    private void EmitElementAddress(ArrayClass type, Operand array, Operand index)
    {
        _stack.EmitValue(index);
        _stack.EmitValue(array);
        EmitLength();
        _il.Emit(OpCodes.Bge_Un, TrapPath(nameof(Trap.OutOfBoundsArrayAccess)));
        _stack.Emit(array);
        _stack.Emit(index);
        _il.Emit(OpCodes.Ldelema, type.AccessedElementType);
    }
}
