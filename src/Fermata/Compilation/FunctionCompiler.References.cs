using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>References: null, functions, equality, 31-bit integers, conversion (section "Reference Instructions").</summary>
internal sealed partial class FunctionCompiler
{
    private bool TryEmitReference(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.RefNull:
                Push(new Operand { Kind = OperandKind.Null, Type = ValType.ExternRef });
                return true;
            case Opcode.RefIsNull:
                PushOperation(Opcode.RefIsNull, ValType.I32, Pop(), null);
                return true;
            case Opcode.RefEq:
                Emit(Pop(2));
                _il.Emit(OpCodes.Call, AggregateMembers.AreEqual);
                PushResult(ValType.I32);
                return true;
            case Opcode.RefFunc:
                EmitInstance();
                _il.Emit(OpCodes.Ldc_I4, instruction.Index);
                _il.Emit(OpCodes.Call, ContextMembers.FunctionAt);
                PushResult(ValType.Ref(false, HeapType.Defined(_module.Types.FunctionTypes[instruction.Index].Id)));
                return true;
            case Opcode.RefAsNonNull:
                EmitRefAsNonNull();
                return true;
            case Opcode.BrOnNull:
                EmitBrOnNull(instruction.Index);
                return true;
            case Opcode.BrOnNonNull:
                EmitBrOnNonNull(instruction.Index);
                return true;
            case Opcode.RefTest or Opcode.RefTestNull:
                EmitRefTest(instruction.Type1);
                return true;
            case Opcode.RefCast or Opcode.RefCastNull:
                EmitRefCast(instruction.Type1);
                return true;
            case Opcode.BrOnCast or Opcode.BrOnCastFail:
                EmitBrOnCast(instruction);
                return true;
            case Opcode.AnyConvertExtern or Opcode.ExternConvertAny:
                EmitConversion();
                return true;
            case Opcode.RefI31:
                Emit(Pop());
                _il.Emit(OpCodes.Call, AggregateMembers.NewI31);
                PushResult(ValType.Ref(false, HeapType.I31));
                return true;
            case Opcode.I31GetS or Opcode.I31GetU:
                Emit(PopNonNull(nameof(Trap.NullI31Reference)));
                _il.Emit(OpCodes.Call, instruction.Opcode == Opcode.I31GetS ? AggregateMembers.I31Signed : AggregateMembers.I31Unsigned);
                PushResult(ValType.I32);
                return true;
            default:
                return false;
        }
    }

    private void EmitRefAsNonNull()
    {
        var reference = PopNonNull(nameof(Trap.NullReference));
        Push(reference.WithType(reference.Type.NonNull));
    }

    private void EmitBrOnNull(int label)
    {
        var (reference, type) = PopToVariable();
        EmitBrIf(label, () =>
        {
            reference.EmitLoad(_il);
            EmitIsNull();
        });
        PushAgain(reference, type.NonNull);
    }

    private void EmitBrOnNonNull(int label)
    {
        var (reference, _) = PopToVariable();
        PushVariable(reference);
        EmitBrIf(label, () => reference.EmitLoad(_il));
        Drop(Pop());
        Release(reference);
    }

    /// <summary>External references and internal ones are the same .NET objects: what changes is what may be asked of them.</summary>
    private void EmitConversion()
    {
        var reference = Pop();
        Push(reference.WithType(ValType.Ref(reference.Type.IsNullable, HeapType.Extern)));
    }

    /// <summary>Pops an operand into a variable that is kept until <see cref="Release"/> or <see cref="PushAgain"/>.</summary>
    private (Variable Variable, ValType Type) PopToVariable()
    {
        var operand = Pop();
        Emit(operand);
        var variable = Pin([operand.Type])[0];
        variable.EmitStore(_il);
        return (variable, operand.Type);
    }

    private void PushAgain(Variable variable, ValType type)
    {
        PushVariable(variable, type);
        Release(variable);
    }

    /// <summary>Pops a reference that an instruction accesses: null is a trap, here and now.</summary>
    private Operand PopNonNull(string trap)
    {
        var reference = Reusable(Pop());
        EmitNullCheck(reference, trap);
        return reference;
    }

    private void EmitNullCheck(Operand reference, string trap)
    {
        if (reference.IsNonNull)
            return;
        EmitValue(reference);
        _il.Emit(OpCodes.Brfalse, TrapPath(trap));
    }
}
