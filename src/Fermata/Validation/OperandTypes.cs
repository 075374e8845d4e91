using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>The signature of an instruction, read once from its row in the instruction table.</summary>
/// <param name="Operands">The types that it takes.</param>
/// <param name="Results">The types that it leaves.</param>
internal sealed record OperandTypes(ValType[] Operands, ValType[] Results)
{
    private const int PrefixStride = 0x200;

    private static readonly (OperandTypes Narrow, OperandTypes Wide)?[] ByOpcode = CreateTable();

    /// <summary>The types of an instruction, where addresses are of this type; null where they depend on more.</summary>
    public static OperandTypes? Of(InstructionInfo info, ValType addressType)
    {
        var entry = ByOpcode[Slot(info)];
        return addressType.Kind == ValKind.I64 ? entry?.Wide : entry?.Narrow;
    }

    private static int Slot(InstructionInfo info) => info.Prefix == 0 ? info.Number : ((info.Prefix - 0xFA) * PrefixStride) + info.Number;

    private static (OperandTypes Narrow, OperandTypes Wide)?[] CreateTable()
    {
        var table = new (OperandTypes, OperandTypes)?[(0xFF - 0xFA) * PrefixStride];
        foreach (var row in InstructionTable.Rows)
        {
            if (row.Signature is { } signature)
                table[Slot(row)] = (Parse(signature, ValType.I32), Parse(signature, ValType.I64));
        }

        return table;
    }

    private static OperandTypes Parse(string signature, ValType address)
    {
        var colon = signature.IndexOf(':', StringComparison.Ordinal);
        return new OperandTypes(ParseList(signature[..colon], address), ParseList(signature[(colon + 1)..], address));
    }

    private static ValType[] ParseList(string letters, ValType address) => [.. letters.Select(letter => letter switch
    {
        'i' => ValType.I32,
        'l' => ValType.I64,
        'f' => ValType.F32,
        'd' => ValType.F64,
        'v' => ValType.V128,
        'a' => address,
        _ => throw new InvalidOperationException($"'{letter}' in a signature of the instruction table"),
    })];
}
