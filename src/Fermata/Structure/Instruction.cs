using System.Runtime.Intrinsics;

namespace Fermata.Structure;

/// <summary>The type of a block: none, one result, or a function type (section 2.3.8 "Block Types").</summary>
internal readonly record struct BlockType(BlockTypeKind Kind, ValType Result, int TypeIndex)
{
    /// <summary>The type of a block that has neither parameters nor results.</summary>
    public static BlockType Empty => new(BlockTypeKind.Empty, default, -1);
}

internal enum BlockTypeKind : byte
{
    Empty,
    Result,
    Type,
}

/// <summary>One instruction with its immediates. Which fields mean something says <see cref="Immediate"/>.</summary>
internal struct Instruction
{
    public InstructionInfo Info;

    /// <summary>The byte offset of the opcode in the module.</summary>
    public int Offset;
    public int Index;
    public int Index2;
    public int Alignment;
    public byte Lane;
    public ulong Bits;
    public BlockType Block;
    public HeapType Heap;
    public ValType Type1;
    public ValType Type2;
    public Vector128<byte> Vector;
    public int[]? Labels;
    /// <summary>Whether the compiler has put it there: it is not counted as fuel.</summary>
    public bool IsAdded;

    public ValType[]? Types;
    public CatchClause[]? Catches;

    public readonly Opcode Opcode => Info.Opcode;
}
