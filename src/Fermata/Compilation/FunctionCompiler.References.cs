using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>References: null, functions, equality, 31-bit integers, conversion (section 4.6.9 "Reference Instructions").</summary>
internal sealed partial class FunctionCompiler
{
    private bool TryEmitReference(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.RefNull:
                _stack.Push(new Operand { Kind = OperandKind.Null, Type = ValType.Ref(true, _module.Types.Resolve(instruction.Heap)) });
                return true;
            case Opcode.RefIsNull:
                _stack.PushOperation(Opcode.RefIsNull, ValType.I32, _stack.Pop(), null);
                return true;
            case Opcode.RefEq:
                _stack.Emit(_stack.Pop(2));
                _il.Emit(OpCodes.Call, AggregateMembers.AreEqual);
                _stack.PushResult(ValType.I32);
                return true;
            case Opcode.RefFunc:
                EmitInstance();
                _il.Emit(OpCodes.Ldc_I4, instruction.Index);
                _il.Emit(OpCodes.Call, ContextMembers.FunctionAt);
                _stack.PushResult(ValType.Ref(false, HeapType.Defined(_module.Types.FunctionTypes[instruction.Index].Id)));
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
                _stack.Emit(_stack.Pop());
                EmitContext();
                _il.Emit(OpCodes.Call, AggregateMembers.NewI31);
                _stack.PushResult(ValType.Ref(false, HeapType.I31));
                return true;
            case Opcode.I31GetS or Opcode.I31GetU:
                _stack.Emit(PopNonNull(nameof(Trap.NullI31Reference)));
                _il.Emit(OpCodes.Call, instruction.Opcode == Opcode.I31GetS ? AggregateMembers.I31Signed : AggregateMembers.I31Unsigned);
                _stack.PushResult(ValType.I32);
                return true;
            default:
                return false;
        }
    }

    private void EmitRefAsNonNull()
    {
        var reference = PopNonNull(nameof(Trap.NullReference));
        _stack.Push(reference.WithType(reference.Type.NonNull));
    }

    private void EmitBrOnNull(int label)
    {
        var (reference, type) = PopToVariable();
        EmitBrIf(label, () =>
        {
            reference.EmitLoad(_il);
            _il.Emit(OpCodes.Ldnull);
            _il.Emit(OpCodes.Ceq);
        });
        PushAgain(reference, type.NonNull);
    }

    private void EmitBrOnNonNull(int label)
    {
        var (reference, _) = PopToVariable();
        _stack.PushVariable(reference);
        EmitBrIf(label, () => reference.EmitLoad(_il));
        _stack.Drop(_stack.Pop());
        _variables.Release(reference);
    }

    /// <summary>External references and internal ones are the same .NET objects: what changes is what may be asked of them.</summary>
    private void EmitConversion()
    {
        var reference = _stack.Pop();
        _stack.Push(reference.WithType(ValType.Ref(reference.Type.IsNullable, HeapType.Extern)));
    }

    /// <summary>Pops an operand into a variable that is kept until it is released or pushed again.</summary>
    private (Variable Variable, ValType Type) PopToVariable()
    {
        var operand = _stack.Pop();
        _stack.Emit(operand);
        var variable = _variables.Take(operand.Type);
        variable.EmitStore(_il);
        return (variable, operand.Type);
    }

    private void PushAgain(Variable variable, ValType type)
    {
        variable.Holds = type;
        _stack.PushVariable(variable);
        _variables.Release(variable);
    }

    /// <summary>Pops a reference that an instruction accesses: null is a trap, here and now.</summary>
    private Operand PopNonNull(string trap)
    {
        var reference = _stack.PopReusable();
        EmitNullCheck(reference, trap);
        return reference;
    }

    private void EmitNullCheck(Operand reference, string trap)
    {
        if (reference.IsNonNull)
            return;
        _stack.EmitValue(reference);
        _il.Emit(OpCodes.Brfalse, TrapPath(trap));
    }
}
