using Fermata.Structure;

namespace Fermata.Validation;

/// <content>Memory instructions (section 3.4.5 "Memory Instructions").</content>
internal sealed partial class CodeValidator
{
    private MemoryType MemoryAt(int index) =>
        index < types.MemoryTypes.Length ? types.MemoryTypes[index] : throw Invalid($"unknown memory {index}");

    private void CheckDataSegment(int index)
    {
        if (index >= module.Data.Count)
            throw Invalid($"unknown data segment {index}");
    }

    /// <summary>Checks a load or store, and tells the address type of its memory.</summary>
    private ValType CheckMemoryArgument(InstructionInfo info)
    {
        var memory = MemoryAt(_instruction.Index);
        if (info.Prefix == InstructionTable.AtomicPrefix && _instruction.Alignment != info.Width)
            throw Invalid("atomic alignment must be natural");
        if (_instruction.Alignment > info.Width)
            throw Invalid("alignment must not be larger than natural");
        if (!memory.Is64 && _instruction.Bits > uint.MaxValue)
            throw Invalid($"offset out of range: {_instruction.Bits} in a memory with 32-bit addresses");
        return memory.AddressType;
    }

    /// <summary><c>memory.copy</c>, whose memories may have different address types.</summary>
    private void CheckMemoryCopy()
    {
        var destination = MemoryAt(_instruction.Index).AddressType;
        var source = MemoryAt(_instruction.Index2).AddressType;
        Pop([destination, source, Minimum(destination, source)]);
    }

    private void CheckMemoryInit()
    {
        var address = MemoryAt(_instruction.Index2).AddressType;
        CheckDataSegment(_instruction.Index);
        Pop([address, ValType.I32, ValType.I32]);
    }
}
