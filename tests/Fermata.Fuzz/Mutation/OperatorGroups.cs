using System.Collections.Frozen;
using Fermata.Structure;

namespace Fermata.Fuzz.Mutation;

/// <summary>Which instructions can stand for one another: they take and give the same types, and have the same immediates.</summary>
internal static class OperatorGroups
{
    private static readonly InstructionInfo[] Numeric =
        [.. InstructionTable.Rows.Where(row => row.Immediate == Immediate.None && row.Signature is { Length: > 1 } && row.Opcode != Opcode.Nop)];

    private static readonly FrozenDictionary<string, InstructionInfo[]> BySignature =
        Numeric.GroupBy(row => row.Signature!).ToFrozenDictionary(rows => rows.Key, rows => rows.ToArray());

    private static readonly FrozenDictionary<string, InstructionInfo[]> Accesses = InstructionTable.Rows
        .Where(row => row.Immediate == Immediate.MemoryArgument)
        .GroupBy(row => row.Signature!)
        .ToFrozenDictionary(rows => rows.Key, rows => rows.ToArray());

    /// <summary>Those with a signature and no immediates; none where there is no such row.</summary>
    public static IReadOnlyList<InstructionInfo> WithSignature(string signature) => BySignature.GetValueOrDefault(signature) ?? [];

    /// <summary>Loads or stores with a signature.</summary>
    public static IReadOnlyList<InstructionInfo> AccessesLike(InstructionInfo row) => Accesses[row.Signature!];

    /// <summary>The type that an instruction leaves on the stack, as a letter of its signature; null where that is not known.</summary>
    public static char? ResultOf(InstructionInfo row) =>
        row.Signature is { } signature && signature[^1] is 'i' or 'l' or 'f' or 'd' or 'v' ? row.Signature[^1] : null;

    /// <summary>The value type of a letter.</summary>
    public static ValType Type(char letter) => letter switch
    {
        'i' => ValType.I32,
        'l' => ValType.I64,
        'f' => ValType.F32,
        'd' => ValType.F64,
        _ => ValType.V128,
    };
}
