using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>The signature of an instruction, read from its row in the instruction table when it is first asked for.</summary>
/// <param name="Operands">The types that it takes.</param>
/// <param name="Results">The types that it leaves.</param>
internal sealed record OperandTypes(ValType[] Operands, ValType[] Results)
{
    private static readonly OpcodeTable<OperandTypes> Narrow = new(), Wide = new();

    /// <summary>The types of an instruction that has a signature, where addresses are of this type.</summary>
    public static OperandTypes Of(InstructionInfo info, ValType addressType)
    {
        var table = addressType.Kind == ValKind.I64 ? Wide : Narrow;
        return table[info.Opcode] ??= Parse(info.Signature!, addressType);
    }

    private static OperandTypes Parse(string signature, ValType address)
    {
        var colon = signature.IndexOf(':', StringComparison.Ordinal);
        return new OperandTypes(ParseList(signature[..colon], address), ParseList(signature[(colon + 1)..], address));
    }

    private static ValType[] ParseList(string letters, ValType address)
    {
        var types = new ValType[letters.Length];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = letters[i] switch
            {
                'i' => ValType.I32,
                'l' => ValType.I64,
                'f' => ValType.F32,
                'd' => ValType.F64,
                'v' => ValType.V128,
                'a' => address,
                var letter => throw new InvalidOperationException($"'{letter}' in a signature of the instruction table"),
            };
        }

        return types;
    }
}
