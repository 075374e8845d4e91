using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Loads and stores.</summary>
internal sealed partial class FunctionCompiler
{
    private readonly Dictionary<int, (LocalBuilder Memory, LocalBuilder Base)> _memories = [];
    private LocalBuilder? _address;

    /// <summary>A memory's base never moves, so it is loaded once; its length may grow, so it is loaded each time.</summary>
    private void EmitMemoryPrologue()
    {
        foreach (var index in _uses.Memories)
        {
            var memory = _variables.DeclareLocal(typeof(Memory));
            var start = _variables.DeclareLocal(typeof(nint));
            EmitMemory(index);
            _il.Emit(OpCodes.Stloc, memory);
            _il.Emit(OpCodes.Ldloc, memory);
            _il.Emit(OpCodes.Ldfld, HasGuards(index) ? ContextMembers.MemoryGuardedBase : ContextMembers.MemoryBase);
            _il.Emit(OpCodes.Stloc, start);
            _memories.Add(index, (memory, start));
        }
    }

    private void EmitMemory(int index)
    {
        EmitInstance();
        _module.Class.EmitLoad(_il, ExternKind.Memory, index);
    }

    private void EmitMemoryAccess(in Instruction instruction)
    {
        var access = MemoryAccess.Of(instruction.Opcode);
        var isStore = instruction.Info.Signature!.EndsWith(':');
        var value = isStore ? _stack.Pop() : null;
        var address = CheckBounds(in instruction, _stack.Pop(), access.Size, isLoad: !isStore);
        EmitEffectiveAddress(in instruction, address);
        if (value is null)
        {
            _il.Emit(access.Access);
            EmitConversion(access);
            _stack.PushResult(access.Type);
            return;
        }

        _stack.Emit(value);
        EmitConversion(access);
        if (HasGuards(instruction.Index))
            _il.Emit(OpCodes.Volatile);
        _il.Emit(access.Access);
    }

    private void EmitConversion(MemoryAccess access)
    {
        if (access.Conversion is { } conversion)
            _il.Emit(conversion);
    }

    /// <summary>Whether guard pages lie behind the memory.</summary>
    /// <remarks>
    /// Stores to it are volatile: of others the JIT makes one where they are neighbours, which would write nothing where the first is still in the memory. Stores that are checked
    /// have branches between them.
    /// </remarks>
    private bool HasGuards(int memory) => _module.HasGuards && !_module.Types.MemoryTypes[memory].Is64;

    /// <summary>Checks the bounds of a load or store, unless guard pages do that.</summary>
    /// <returns>The address if it is still to be emitted; null if it is in the local.</returns>
    private Operand? CheckBounds(in Instruction instruction, Operand address, int size, bool isLoad)
    {
        if (HasGuards(instruction.Index) && instruction.Bits <= (ulong)(GuardedArena.GuardBytes - size)
            && (!isLoad || LoadedValue.IsReadInFull(_module, _position, size, _type.ResultArray.Length)))
        {
            NoteFault();
            return address;
        }

        EmitBoundsCheck(in instruction, address, size);
        return null;
    }

    /// <summary>Traps unless address + offset + size is within the memory. Leaves the address, as 64 bits, in a local.</summary>
    /// <remarks>Section 4.6.8 "Memory Instructions".</remarks>
    private void EmitBoundsCheck(in Instruction instruction, Operand address, int size)
    {
        var memory = _memories[instruction.Index].Memory;
        _address ??= _variables.DeclareLocal(typeof(long));
        _stack.Emit(address);
        if (address.Type == ValType.I64)
        {
            // The sum may exceed 64 bits.
            _il.Emit(OpCodes.Stloc, _address);
            _il.Emit(OpCodes.Ldloc, memory);
            _il.Emit(OpCodes.Ldloc, _address);
            _il.Emit(OpCodes.Ldc_I8, (long)instruction.Bits);
            _il.Emit(OpCodes.Ldc_I4, size);
            _il.Emit(OpCodes.Call, ContextMembers.CheckAddress64);
            return;
        }

        _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Stloc, _address);
        _il.Emit(OpCodes.Ldloc, _address);
        _il.Emit(OpCodes.Ldc_I8, (long)instruction.Bits + size);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Ldloc, memory);
        _il.Emit(OpCodes.Ldfld, ContextMembers.MemoryLength);
        _il.Emit(OpCodes.Bgt_Un, TrapPath(nameof(Trap.OutOfBoundsMemoryAccess)));
    }

    /// <summary>Pushes where the bytes are in this process.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="address">The address if it is still to be emitted; null if it is in the local.</param>
    private void EmitEffectiveAddress(in Instruction instruction, Operand? address = null)
    {
        _il.Emit(OpCodes.Ldloc, _memories[instruction.Index].Base);
        if (address is null)
        {
            _il.Emit(OpCodes.Ldloc, _address!);
            _il.Emit(OpCodes.Conv_I);
        }
        else
        {
            _stack.Emit(address);
            _il.Emit(OpCodes.Conv_U8);
        }

        _il.Emit(OpCodes.Add);
        var displacement = (long)instruction.Bits - (HasGuards(instruction.Index) ? GuardedArena.GuardBytes : 0);
        if (displacement == 0)
            return;
        _il.Emit(OpCodes.Ldc_I8, displacement);
        _il.Emit(OpCodes.Conv_I);
        _il.Emit(OpCodes.Add);
    }
}
