namespace Fermata.Structure;

/// <summary>
/// The instruction set as data. Decoder, text reader, printer and validator read it; what an instruction does is in
/// <c>Compilation</c>.
/// </summary>
/// <remarks>WebAssembly 3.0, section 2.4 "Instructions" and appendix "Index of Instructions". The rows stand in partial files by kind.</remarks>
internal static partial class InstructionTable
{
    private static readonly InstructionInfo[] AllRows = [.. Control, .. Variable, .. Reference, .. Aggregate, .. Memory, .. Atomic, .. Numeric, .. Vector, .. RelaxedVector];

    private static readonly Dictionary<int, InstructionInfo> ByOpcode = AllRows.ToDictionary(row => (int)row.Opcode);

    /// <summary>Made when it is first needed, which is for text.</summary>
    private static Dictionary<string, InstructionInfo> ByName => field ??= AllRows.GroupBy(row => row.Name).ToDictionary(rows => rows.Key, rows => rows.First());

    private static readonly InstructionInfo?[] SingleByte = CreateSingleByteTable();

    /// <summary>All rows.</summary>
    public static IReadOnlyList<InstructionInfo> Rows => AllRows;

    /// <summary>The instruction with this opcode byte and, after a prefix byte, this number; null if there is none.</summary>
    public static InstructionInfo? Find(byte opcode) => SingleByte[opcode];

    /// <inheritdoc cref="Find(byte)"/>
    public static InstructionInfo? Find(byte prefix, uint number) =>
        number < 0x1000 ? ByOpcode.GetValueOrDefault((prefix << 12) | (int)number) : null;

    /// <summary>The instruction with this keyword; where one keyword stands for several opcodes, the first one.</summary>
    public static InstructionInfo? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The instruction with this opcode.</summary>
    public static InstructionInfo Get(Opcode opcode) => ByOpcode[(int)opcode];

    private static InstructionInfo?[] CreateSingleByteTable()
    {
        var table = new InstructionInfo?[256];
        foreach (var row in AllRows.Where(row => row.Prefix == 0))
            table[row.Number] = row;
        return table;
    }
}
