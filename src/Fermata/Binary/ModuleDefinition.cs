using Fermata.Structure;

namespace Fermata.Binary;

/// <summary>A stretch of the module's bytes.</summary>
internal readonly record struct ByteRange(int Offset, int Length)
{
    public int End => Offset + Length;
}

/// <summary>An import. The index space that it belongs to holds its type.</summary>
internal sealed record Import(string Module, string Name, ExternKind Kind, int Index, int Offset);

internal sealed record Export(string Name, ExternKind Kind, int Index, int Offset);

/// <summary>A run of locals of one type in a function body.</summary>
internal readonly record struct LocalGroup(uint Count, ValType Type);

/// <summary>The body of a function: its locals, and its instructions up to and with the last <c>end</c>.</summary>
internal sealed record FunctionBody(LocalGroup[] Locals, ByteRange Code)
{
    /// <summary>How many locals there are.</summary>
    public long LocalCount
    {
        get
        {
            var count = 0L;
            foreach (var group in Locals)
                count += group.Count;
            return count;
        }
    }

    /// <summary>How many of the locals the code may name, at most: to name one takes more than a byte.</summary>
    public int UsableLocals => (int)Math.Min(LocalCount, Code.Length);
}

/// <summary>A function of the module. <c>Body</c> is null for an imported one; <c>Offset</c> is where the body, or the import, starts.</summary>
internal sealed record FunctionDefinition(int TypeIndex, FunctionBody? Body, int Offset);

/// <summary>A table. <c>Initializer</c> is the constant expression for its elements, null for null.</summary>
internal sealed record TableDefinition(TableType Type, ByteRange? Initializer, bool IsImported, int Offset);

internal sealed record MemoryDefinition(MemoryType Type, bool IsImported, int Offset);

/// <summary>A global. <c>Initializer</c> is null for an imported one.</summary>
internal sealed record GlobalDefinition(GlobalType Type, ByteRange? Initializer, bool IsImported, int Offset);

internal sealed record TagDefinition(int TypeIndex, bool IsImported, int Offset);

internal enum SegmentMode : byte
{
    Passive,
    Active,
    Declarative,
}

/// <summary>An element segment: either function indices or constant expressions.</summary>
internal sealed record ElementSegment(
    SegmentMode Mode, int TableIndex, ByteRange? Start, ValType Type, int[]? Functions, ByteRange[]? Expressions, int Offset)
{
    public int Count => Functions?.Length ?? Expressions!.Length;
}

internal sealed record DataSegment(SegmentMode Mode, int MemoryIndex, ByteRange? Start, ByteRange Data, int Offset);

/// <summary>A custom section; the range is its content after the name. <c>AfterSection</c> is the id of the last section before it.</summary>
internal sealed record CustomSectionDefinition(string Name, ByteRange Content, int AfterSection);

/// <summary>A module as its bytes say it is: the abstract syntax of section 2.5 "Modules", with bodies and expressions left as byte ranges.</summary>
/// <remarks>
/// Every index space lists the imports first. Types are as decoded, so type indices are those of the module; what
/// validation makes of them is in <see cref="Validation.ModuleTypes"/>. All offsets are from the start of the module.
/// </remarks>
internal sealed class ModuleDefinition
{
    private NameSection? _names;

    public required ReadOnlyMemory<byte> Bytes { get; init; }

    public List<RecType> RecTypes { get; } = [];

    /// <summary>The type index space: the members of all groups in order.</summary>
    public List<SubType> Types { get; } = [];

    public List<Import> Imports { get; } = [];

    public List<FunctionDefinition> Functions { get; } = [];

    public List<TableDefinition> Tables { get; } = [];

    public List<MemoryDefinition> Memories { get; } = [];

    public List<GlobalDefinition> Globals { get; } = [];

    public List<TagDefinition> Tags { get; } = [];

    public List<Export> Exports { get; } = [];

    public List<ElementSegment> Elements { get; } = [];

    public List<DataSegment> Data { get; } = [];

    public List<CustomSectionDefinition> CustomSections { get; } = [];

    /// <summary>The ids of the sections that are no custom sections, in their order.</summary>
    public List<int> Sections { get; } = [];

    /// <summary>The id of the section behind the one with an id, or behind the start for zero; null behind the last one.</summary>
    public int? SectionAfter(int id) => Sections.IndexOf(id) + 1 is var next && next < Sections.Count ? Sections[next] : null;

    public int? Start { get; set; }

    /// <summary>The byte offset of the start section's function index.</summary>
    public int StartOffset { get; set; }

    /// <summary>The number in the data count section; null without one.</summary>
    public uint? DataCount { get; set; }

    public int ImportedFunctionCount { get; set; }

    public int ImportedGlobalCount { get; set; }

    /// <summary>How much code the functions have, in bytes.</summary>
    public long CodeLength => Functions.Sum(static function => (long)(function.Body?.Code.Length ?? 0));

    /// <summary>How many things of a kind there are, imports included.</summary>
    public int Count(ExternKind kind) => kind switch
    {
        ExternKind.Func => Functions.Count,
        ExternKind.Table => Tables.Count,
        ExternKind.Memory => Memories.Count,
        ExternKind.Global => Globals.Count,
        _ => Tags.Count,
    };

    /// <summary>The names that the module gives to its things, for messages.</summary>
    public NameSection Names => _names ??= new NameSection(this);
}
