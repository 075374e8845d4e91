namespace Fermata.Binary;

/// <summary>What the indices of one module are in the module that it is written into.</summary>
/// <remarks>An index space without a map keeps its indices. Maps have an entry for each index of a valid module.</remarks>
internal sealed class IndexMap
{
    /// <summary>All indices stay as they are.</summary>
    public static IndexMap Identity { get; } = new();

    public int[]? Types { get; init; }

    public int[]? Functions { get; init; }

    public int[]? Tables { get; init; }

    public int[]? Memories { get; init; }

    public int[]? Globals { get; init; }

    public int[]? Tags { get; init; }

    public int[]? Elements { get; init; }

    public int[]? Data { get; init; }

    /// <summary>A map for the indices of a module, to be filled.</summary>
    public static IndexMap For(ModuleDefinition module) => new()
    {
        Types = new int[module.Types.Count],
        Functions = new int[module.Functions.Count],
        Tables = new int[module.Tables.Count],
        Memories = new int[module.Memories.Count],
        Globals = new int[module.Globals.Count],
        Tags = new int[module.Tags.Count],
        Elements = new int[module.Elements.Count],
        Data = new int[module.Data.Count],
    };

    /// <summary>Says what an index becomes, in a space that has a map.</summary>
    public void Assign(NameSubsection space, int index, int newIndex) => Space(space)![index] = newIndex;

    /// <summary>The new index for an index in the space whose names are in a subsection of the name section.</summary>
    /// <remarks>What is named within another thing (locals, labels, fields) keeps its index in it.</remarks>
    public int Map(NameSubsection space, int index) => Space(space) is { } map ? map[index] : index;

    /// <summary>Whether the map knows an index, as it knows all that a valid module uses.</summary>
    public bool Has(NameSubsection space, int index) => Space(space) is not { } map || (uint)index < (uint)map.Length;

    public HeapType Map(HeapType type) => type.IsDefined ? HeapType.Defined(Map(NameSubsection.Type, type.Number)) : type;

    public ValType Map(ValType type) => type is { IsRef: true, Heap.IsDefined: true } ? ValType.Ref(type.IsNullable, Map(type.Heap)) : type;

    /// <summary>The space that what is imported or exported belongs to.</summary>
    public static NameSubsection SpaceOf(ExternKind kind) => kind switch
    {
        ExternKind.Func => NameSubsection.Function,
        ExternKind.Table => NameSubsection.Table,
        ExternKind.Memory => NameSubsection.Memory,
        ExternKind.Global => NameSubsection.Global,
        _ => NameSubsection.Tag,
    };

    private int[]? Space(NameSubsection space) => space switch
    {
        NameSubsection.Type => Types,
        NameSubsection.Function => Functions,
        NameSubsection.Table => Tables,
        NameSubsection.Memory => Memories,
        NameSubsection.Global => Globals,
        NameSubsection.Tag => Tags,
        NameSubsection.Element => Elements,
        NameSubsection.Data => Data,
        _ => null,
    };
}
