using System.Reflection;
using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Structures (section 4.6.9 "Reference Instructions"): objects of generated classes.</summary>
/// <remarks>A reference is an <c>object</c> to the JIT, and is never cast to the class whose field is accessed: validation has proven it.</remarks>
internal sealed partial class FunctionCompiler
{
    private bool TryEmitAggregate(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.StructNew:
                EmitStructNew(instruction.Index);
                return true;
            case Opcode.StructNewDefault:
                _il.Emit(OpCodes.Newobj, StructClassAt(instruction.Index).Constructor);
                PushNewObject(NonNullReference(instruction.Index), EmitBytesOf(StructClassAt(instruction.Index)));
                return true;
            case Opcode.StructGet or Opcode.StructGetS or Opcode.StructGetU:
                EmitStructGet(in instruction);
                return true;
            case Opcode.StructSet:
                EmitStructSet(in instruction);
                return true;
            default:
                return TryEmitArray(in instruction);
        }
    }

    private StructClass StructClassAt(int typeIndex) => _module.Aggregates.Struct(_module.Types.Types[typeIndex]);

    private ValType NonNullReference(int typeIndex) => ValType.Ref(false, HeapType.Defined(_module.Types.Types[typeIndex].Id));

    /// <summary>The operands are expressions without effect, so they may be evaluated when the object is there.</summary>
    private void EmitStructNew(int typeIndex)
    {
        var type = StructClassAt(typeIndex);
        var values = _stack.Pop(type.Fields.Length);
        _il.Emit(OpCodes.Newobj, type.Constructor);
        for (var i = 0; i < values.Length; i++)
        {
            if (IsDefault(values[i]))
                continue;
            _il.Emit(OpCodes.Dup);
            _stack.Emit(values[i]);
            _il.Emit(OpCodes.Stfld, type.Fields[i]);
        }

        PushNewObject(NonNullReference(typeIndex), EmitBytesOf(type));
    }

    private Action EmitBytesOf(StructClass type) => () => _il.Emit(OpCodes.Ldc_I8, (long)type.Bytes);

    /// <summary>Pushes the object on the IL stack, which is new, and counts it.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="emitBytes">Pushes its size, as 64 bits.</param>
    private void PushNewObject(ValType type, Action emitBytes)
    {
        _stack.PushResult(type);
        EmitCount(_stack.Top.Variable!, emitBytes);
    }

    /// <summary>
    /// Counts an object that is in a variable. One comes to be known to the run-time now and then, so that the JIT puts none into the native frame. Where callers do not look for it, what ends
    /// the call leaves as a .NET exception.
    /// </summary>
    private void EmitCount(Variable newest, Action emitBytes)
    {
        var looksForEnd = _module.Suspension.MaySuspend(_unit.Number);
        var isUsedUp = _il.DefineLabel();
        var end = _il.DefineLabel();
        EmitContext();
        EmitContext();
        _il.Emit(OpCodes.Ldfld, ContextMembers.ObjectBudget);
        emitBytes();
        _il.Emit(OpCodes.Sub);
        _il.Emit(OpCodes.Stfld, ContextMembers.ObjectBudget);
        EmitContext();
        _il.Emit(OpCodes.Ldfld, ContextMembers.ObjectBudget);
        _il.Emit(OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Conv_I8);
        _il.Emit(OpCodes.Blt, isUsedUp);
        _il.MarkLabel(end);
        _cold.Paths.Add(() =>
        {
            _il.MarkLabel(isUsedUp);
            EmitContext();
            newest.EmitLoad(_il);
            emitBytes();
            _il.Emit(OpCodes.Call, looksForEnd ? ContextMembers.CountObjectsOrEnd : ContextMembers.CountObjects);
            if (looksForEnd)
                EmitEndTest();
            _il.Emit(OpCodes.Br, end);
        });
    }

    /// <summary>Whether the value is what a new object has anyway.</summary>
    private static bool IsDefault(Operand value) => value is { IsConstant: true, Bits: 0, HighBits: 0 };

    private void EmitStructGet(in Instruction instruction)
    {
        var type = StructClassAt(instruction.Index);
        _stack.Emit(PopNonNull(nameof(Trap.NullStructureReference)));
        EmitLoadField(type.Fields[instruction.Index2], isUnsigned: instruction.Opcode == Opcode.StructGetU);
        _stack.PushResult(type.FieldTypes[instruction.Index2].Unpacked);
    }

    private void EmitStructSet(in Instruction instruction)
    {
        var type = StructClassAt(instruction.Index);
        var value = _stack.Pop();
        _stack.Emit(PopNonNull(nameof(Trap.NullStructureReference)));
        _stack.Emit(value);
        _il.Emit(OpCodes.Stfld, type.Fields[instruction.Index2]);
    }

    /// <summary>For an argument of a method; a store to a field needs no conversion.</summary>
    private void EmitPack(Packing packing)
    {
        if (packing != Packing.None)
            _il.Emit(packing == Packing.I8 ? OpCodes.Conv_I1 : OpCodes.Conv_I2);
    }

    /// <summary>Replaces the object or address on the IL stack by a value in it.</summary>
    private void EmitLoadField(FieldInfo field, bool isUnsigned)
    {
        if (!isUnsigned)
        {
            _il.Emit(OpCodes.Ldfld, field);
            return;
        }

        // The field is signed, and the JIT would extend the value twice.
        _il.Emit(OpCodes.Ldflda, field);
        _il.Emit(field.FieldType == typeof(sbyte) ? OpCodes.Ldind_U1 : OpCodes.Ldind_U2);
    }
}
