using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>The atomic instructions (the proposal "Threads and Atomics").</summary>
internal sealed partial class FunctionCompiler
{
    private static readonly FuncType WaitResult = new([], [ValType.I32]);

    private LocalBuilder? _cell;

    private void EmitAtomic(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.AtomicFence:
                _il.Emit(OpCodes.Call, ContextMembers.MemoryBarrier);
                break;
            case Opcode.MemoryAtomicNotify:
                EmitNotify(in instruction);
                break;
            case Opcode.MemoryAtomicWait32:
                EmitWait(in instruction, nameof(WaitOperations.Wait32));
                break;
            case Opcode.MemoryAtomicWait64:
                EmitWait(in instruction, nameof(WaitOperations.Wait64));
                break;
            default:
                EmitAtomicAccess(in instruction);
                break;
        }
    }

    private void EmitAtomicAccess(in Instruction instruction)
    {
        var access = AtomicAccess.Of(instruction.Info);
        var operands = _stack.Pop(access.OperandCount);
        EmitBoundsCheck(in instruction, _stack.Pop(), access.Size);
        EmitEffectiveAddress(in instruction);
        EmitAlignmentCheck(access.Size);
        foreach (var operand in operands)
        {
            _stack.Emit(operand);
            access.EmitNarrowing(_il);
        }

        _il.Emit(OpCodes.Call, access.Method);
        if (access.Method.ReturnType == typeof(void))
            return;
        access.EmitWidening(_il);
        _stack.PushResult(access.Type);
    }

    /// <summary>Traps unless the address on the IL stack is a multiple of the size; a memory's base is one of every size.</summary>
    private void EmitAlignmentCheck(int size)
    {
        if (size == 1)
            return;
        _cell ??= _il.DeclareLocal(typeof(nint));
        _il.Emit(OpCodes.Stloc, _cell);
        _il.Emit(OpCodes.Ldloc, _cell);
        _il.Emit(OpCodes.Ldc_I4, size - 1);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Brtrue, TrapPath(nameof(Trap.UnalignedAtomic)));
        _il.Emit(OpCodes.Ldloc, _cell);
    }

    private void EmitNotify(in Instruction instruction)
    {
        var operands = _stack.Pop(2);
        EmitWaitAddress(in instruction, operands[0]);
        _stack.Emit(operands[1]);
        _il.Emit(OpCodes.Call, ContextMembers.Method(typeof(WaitOperations), nameof(WaitOperations.Notify)));
        _stack.PushResult(ValType.I32);
    }

    /// <summary>A wait is a call site: it may suspend, and then goes on with its result as a call does.</summary>
    private void EmitWait(in Instruction instruction, string method)
    {
        var operands = _stack.Pop(3);
        EmitContext();
        EmitWaitAddress(in instruction, operands[0]);
        _stack.Emit(operands[1]);
        _stack.Emit(operands[2]);
        _il.Emit(OpCodes.Call, ContextMembers.Method(typeof(WaitOperations), method));
        EmitResults(in instruction, WaitResult);
    }

    /// <summary>Pushes the memory, the address and the offset.</summary>
    private void EmitWaitAddress(in Instruction instruction, Operand address)
    {
        _il.Emit(OpCodes.Ldloc, _memories[instruction.Index].Memory);
        _stack.Emit(address);
        if (address.Type == ValType.I32)
            _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Ldc_I8, (long)instruction.Bits);
    }
}
