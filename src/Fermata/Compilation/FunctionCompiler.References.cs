using System.Reflection.Emit;
using Fermata.Execution;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>References: null, functions, tests and casts.</summary>
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
                _il.Emit(OpCodes.Ceq);
                PushResult(ValType.I32);
                return true;
            case Opcode.RefFunc:
                EmitInstance();
                _il.Emit(OpCodes.Ldc_I4, instruction.Index);
                _il.Emit(OpCodes.Call, ContextMembers.GetFunction);
                PushResult(ValType.FuncRef);
                return true;
            case Opcode.RefAsNonNull:
                var value = PopToVariable();
                value.EmitLoad(_il);
                _il.Emit(OpCodes.Brfalse, TrapPath(nameof(Trap.NullReference)));
                PushAgain(value);
                return true;
            case Opcode.BrOnNull:
                var tested = PopToVariable();
                EmitBrIf(instruction.Index, () => EmitNullTest(tested));
                PushAgain(tested);
                return true;
            case Opcode.BrOnNonNull:
                var carried = PopToVariable();
                PushVariable(carried);
                EmitBrIf(instruction.Index, () => carried.EmitLoad(_il));
                Drop(Pop());
                Release(carried);
                return true;
            case Opcode.RefTest or Opcode.RefTestNull:
                EmitTestOperand(in instruction, Pop());
                PushResult(ValType.I32);
                return true;
            case Opcode.RefCast or Opcode.RefCastNull:
                EmitCast(in instruction);
                return true;
            case Opcode.BrOnCast or Opcode.BrOnCastFail:
                EmitBrOnCast(instruction);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Pops an operand into a variable that is kept until <see cref="Release"/> or <see cref="PushAgain"/>.</summary>
    private Variable PopToVariable()
    {
        var operand = Pop();
        Emit(operand);
        var variable = Pin([operand.Type])[0];
        variable.EmitStore(_il);
        return variable;
    }

    private void PushAgain(Variable variable)
    {
        PushVariable(variable);
        Release(variable);
    }

    private void EmitNullTest(Variable variable)
    {
        variable.EmitLoad(_il);
        EmitIsNull();
    }

    private void EmitTestOperand(in Instruction instruction, Operand operand)
    {
        Emit(operand);
        EmitTest(instruction, instruction.Type1);
    }

    private void EmitCast(in Instruction instruction)
    {
        var value = PopToVariable();
        value.EmitLoad(_il);
        EmitTest(instruction, instruction.Type1);
        _il.Emit(OpCodes.Brfalse, TrapPath(nameof(Trap.CastFailure)));
        PushAgain(value);
    }

    private void EmitBrOnCast(Instruction instruction)
    {
        var value = PopToVariable();
        PushVariable(value);
        EmitBrIf(instruction.Index, () =>
        {
            value.EmitLoad(_il);
            EmitTest(instruction, instruction.Type2);
            if (instruction.Opcode == Opcode.BrOnCastFail)
            {
                _il.Emit(OpCodes.Ldc_I4_0);
                _il.Emit(OpCodes.Ceq);
            }
        });
        Release(value);
    }

    /// <summary>Replaces the reference on the IL stack by whether it is of the type (section 4.6.3). Types of functions and hosts only.</summary>
    private void EmitTest(in Instruction instruction, ValType type)
    {
        var heap = type.Heap;
        if (heap.IsDefined && _module.Types.Types[heap.Number].Func is not null)
        {
            EmitTest(_module.Types.Types[heap.Number].Id, type.IsNullable);
        }
        else if (heap == HeapType.Func || heap == HeapType.Extern)
        {
            if (type.IsNullable)
            {
                _il.Emit(OpCodes.Pop);
                _il.Emit(OpCodes.Ldc_I4_1);
                return;
            }

            _il.Emit(OpCodes.Ldnull);
            _il.Emit(OpCodes.Cgt_Un);
        }
        else if (heap == HeapType.NoFunc || heap == HeapType.NoExtern)
        {
            EmitIsNull();
            _il.Emit(type.IsNullable ? OpCodes.Nop : OpCodes.Pop);
            if (!type.IsNullable)
                _il.Emit(OpCodes.Ldc_I4_0);
        }
        else
        {
            throw NotSupported(in instruction);
        }
    }

    /// <summary>Replaces the function on the IL stack by whether its type is that one or below it.</summary>
    private void EmitTest(int typeId, bool nullable)
    {
        _il.Emit(OpCodes.Ldc_I4, typeId);
        _il.Emit(nullable ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
        _il.Emit(OpCodes.Call, ContextMembers.TestFunction);
    }
}
