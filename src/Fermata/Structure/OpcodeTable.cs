namespace Fermata.Structure;

/// <summary>What there is for each of some instructions, by opcode.</summary>
/// <remarks>
/// Arrays and no dictionary with <see cref="Opcode"/> as key: .NET has code for arrays of objects ready, but makes that of the dictionary when a process first uses it.
/// </remarks>
internal sealed class OpcodeTable<T>
    where T : class
{
    private const int FirstPrefix = 0xFB;
    private const int LastPrefix = 0xFE;
    private const int PageSize = 0x200;

    private readonly T?[] _rows = new T?[(2 + LastPrefix - FirstPrefix) * PageSize];

    /// <summary>What there is for an instruction of <see cref="InstructionTable"/>; null if there is nothing.</summary>
    public T? this[Opcode opcode]
    {
        get => _rows[Slot(opcode)];
        set => _rows[Slot(opcode)] = value;
    }

    private static int Slot(Opcode opcode)
    {
        var (prefix, number) = ((int)opcode >> 12, (int)opcode & 0xFFF);
        return prefix == 0 ? number : ((1 + prefix - FirstPrefix) * PageSize) + number;
    }
}
