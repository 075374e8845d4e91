using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Which method compiles which instruction; those on numbers and variables.</summary>
internal sealed partial class FunctionCompiler
{
    private void EmitInstruction(in Instruction instruction)
    {
        if (VectorEmission.IsVector(instruction.Opcode))
        {
            EmitVector(in instruction);
            return;
        }

        if (instruction.Info.Prefix == InstructionTable.AtomicPrefix)
        {
            EmitAtomic(in instruction);
            return;
        }

        if (instruction.Info.Immediate == Immediate.MemoryArgument)
        {
            EmitMemoryAccess(in instruction);
            return;
        }

        if (NumericEmission.Has(instruction.Opcode))
        {
            EmitNumeric(instruction.Info);
            return;
        }

        switch (instruction.Opcode)
        {
            case Opcode.Nop:
                break;
            case Opcode.Unreachable:
                EmitTrap(nameof(Trap.Unreachable));
                MarkDead();
                break;
            case Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Try or Opcode.TryTable:
                EmitBlock(in instruction);
                break;
            case Opcode.Else:
                EmitElse();
                break;
            case Opcode.End:
                EmitEnd();
                break;
            case Opcode.Br:
                EmitBr(instruction.Index);
                break;
            case Opcode.BrIf:
                EmitBrIf(instruction.Index, _stack.Pop());
                break;
            case Opcode.BrTable:
                EmitBrTable(instruction.Labels!);
                break;
            case Opcode.Return:
                EmitReturn();
                break;
            case Opcode.Call or Opcode.ReturnCall:
                EmitCall(in instruction);
                break;
            case Opcode.CallIndirect or Opcode.ReturnCallIndirect:
                EmitCallIndirect(in instruction);
                break;
            case FailingCall.Opcode:
                EmitFailingCall(in instruction);
                break;
            case Opcode.CallRef or Opcode.ReturnCallRef:
                EmitCallRef(in instruction);
                break;
            case Opcode.Catch or Opcode.CatchAll:
                EmitCatch(in instruction);
                break;
            case Opcode.Delegate:
                EmitDelegate(instruction.Index);
                break;
            case Opcode.Rethrow:
                EmitRethrow(instruction.Index);
                break;
            case Opcode.Throw:
                EmitThrow(instruction.Index);
                break;
            case Opcode.ThrowRef:
                EmitThrowRef();
                break;
            case Opcode.Drop:
                _stack.Drop(_stack.Pop());
                break;
            case Opcode.Select or Opcode.SelectTyped:
                EmitSelect(in instruction);
                break;
            case Opcode.LocalGet:
                _stack.PushVariable(_locals[instruction.Index]);
                break;
            case Opcode.LocalSet:
                EmitLocalSet(_locals[instruction.Index]);
                break;
            case Opcode.LocalTee:
                EmitLocalSet(_locals[instruction.Index]);
                _stack.PushVariable(_locals[instruction.Index]);
                break;
            case Opcode.GlobalGet:
                EmitGlobalGet(instruction.Index);
                break;
            case Opcode.GlobalSet:
                EmitGlobalSet(instruction.Index);
                break;
            case Opcode.I32Const or Opcode.I64Const or Opcode.F32Const or Opcode.F64Const:
                _stack.PushConstant(ResultOf(instruction.Info), instruction.Bits);
                break;
            default:
                if (!TryEmitBulk(in instruction) && !TryEmitReference(in instruction) && !TryEmitAggregate(in instruction))
                    throw NotSupported(in instruction);
                break;
        }
    }

    private static NotSupportedException NotSupported(in Instruction instruction) =>
        new($"Fermata does not support the instruction {instruction.Info.Name} yet (at byte 0x{instruction.Offset:x}).");

    private static ValType ResultOf(InstructionInfo info) => info.Signature![^1] switch
    {
        'i' => ValType.I32,
        'l' => ValType.I64,
        'f' => ValType.F32,
        'd' => ValType.F64,
        _ => ValType.V128,
    };

    private void EmitNumeric(InstructionInfo info)
    {
        var right = info.Signature!.IndexOf(':') == 2 ? _stack.Pop() : null;
        var left = _stack.Pop();
        if (!NumericEmission.MayTrap(info.Opcode))
        {
            _stack.PushOperation(info.Opcode, ResultOf(info), left, right);
            return;
        }

        _stack.Emit(left);
        if (right is not null)
            _stack.Emit(right);
        NumericEmission.Emit(_il, info.Opcode);
        _stack.PushResult(ResultOf(info));
    }

    private void EmitSelect(in Instruction instruction)
    {
        var condition = _stack.Pop();
        var second = _stack.Pop();
        var first = _stack.Pop();
        var ifTrue = _il.DefineLabel();
        var end = _il.DefineLabel();
        _stack.Emit(condition);
        var result = _variables.Take(instruction.Opcode == Opcode.SelectTyped ? _module.Types.Resolve(instruction.Types![0]) : first.Type);
        _il.Emit(OpCodes.Brtrue, ifTrue);
        _stack.EmitValue(second);
        result.EmitStore(_il);
        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(ifTrue);
        _stack.EmitValue(first);
        result.EmitStore(_il);
        _il.MarkLabel(end);
        _stack.Drop(first);
        _stack.Drop(second);
        _stack.PushVariable(result);
        _variables.Release(result);
    }

    private void EmitGlobalGet(int index)
    {
        var type = _module.Types.Resolve(_module.Definition.Globals[index].Type.Type);
        EmitGlobalAddress(index, type);
        ClrTypes.EmitLoadIndirect(_il, type);
        _stack.PushResult(type);
    }

    private void EmitLocalSet(Variable local)
    {
        var value = _stack.Pop();
        local.MayBeShift |= NumericEmission.MayBeShift(value);
        _stack.Emit(value);
        _stack.Assign(local);
    }

    private void EmitGlobalSet(int index)
    {
        var type = _module.Types.Resolve(_module.Definition.Globals[index].Type.Type);
        var value = _stack.Pop();
        EmitGlobalAddress(index, type);
        _stack.Emit(value);
        EmitRequireOwn(type);
        ClrTypes.EmitStoreIndirect(_il, type);
    }

    private void EmitGlobalAddress(int index, ValType type)
    {
        EmitInstance();
        _module.Class.EmitLoad(_il, ExternKind.Global, index);
        _il.Emit(OpCodes.Ldflda, type.Kind switch
        {
            ValKind.Ref => ContextMembers.GlobalReference,
            ValKind.V128 => ContextMembers.GlobalVector,
            _ => ContextMembers.GlobalBits,
        });
    }
}
