namespace Fermata.Structure;

/// <summary>What follows an opcode in the binary format and a keyword in the text format.</summary>
/// <remarks>The comments name the fields of <see cref="Instruction"/> that hold it.</remarks>
internal enum Immediate : byte
{
    None,

    /// <summary>Block.</summary>
    BlockType,

    /// <summary>Index.</summary>
    Label,

    /// <summary>Labels; the last one is the default.</summary>
    LabelTable,

    /// <summary>Index.</summary>
    Function,

    /// <summary>Index is the type, Index2 the table (the text format has the table first).</summary>
    TypeAndTable,

    /// <summary>Index.</summary>
    Type,

    /// <summary>Index.</summary>
    Local,

    /// <summary>Index.</summary>
    Global,

    /// <summary>Index.</summary>
    Table,

    /// <summary>Index is the destination, Index2 the source.</summary>
    TwoTables,

    /// <summary>Index is the segment, Index2 the table.</summary>
    ElementAndTable,

    /// <summary>Index.</summary>
    Element,

    /// <summary>Index.</summary>
    Data,

    /// <summary>Index is the segment, Index2 the memory.</summary>
    DataAndMemory,

    /// <summary>Index.</summary>
    Memory,

    /// <summary>Index is the destination, Index2 the source.</summary>
    TwoMemories,

    /// <summary>Bits is the offset, Index the memory, Alignment the exponent.</summary>
    MemoryArgument,

    /// <summary>As MemoryArgument, and Lane.</summary>
    MemoryArgumentAndLane,

    /// <summary>Bits, sign-extended.</summary>
    I32,

    /// <summary>Bits.</summary>
    I64,

    /// <summary>Bits, the low half.</summary>
    F32,

    /// <summary>Bits.</summary>
    F64,

    /// <summary>Vector.</summary>
    V128,

    /// <summary>Vector: sixteen lane numbers.</summary>
    Lanes,

    /// <summary>Lane.</summary>
    Lane,

    /// <summary>Heap: the type of <c>ref.null</c>.</summary>
    HeapType,

    /// <summary>Type1: a reference type (the opcode holds its nullability in the binary format).</summary>
    RefType,

    /// <summary>Types: the annotation of <c>select</c>.</summary>
    ResultTypes,

    /// <summary>Index is the label, Type1 the source, Type2 the target.</summary>
    LabelAndCast,

    /// <summary>Index is the type, Index2 the field.</summary>
    TypeAndField,

    /// <summary>Index is the type, Index2 the number of elements.</summary>
    TypeAndCount,

    /// <summary>Index is the destination's type, Index2 the source's.</summary>
    TwoTypes,

    /// <summary>Index is the type, Index2 the segment.</summary>
    TypeAndData,

    /// <summary>Index is the type, Index2 the segment.</summary>
    TypeAndElement,

    /// <summary>Index.</summary>
    Tag,

    /// <summary>Block, Catches.</summary>
    TryTable,

    /// <summary>A reserved zero byte.</summary>
    Fence,
}
