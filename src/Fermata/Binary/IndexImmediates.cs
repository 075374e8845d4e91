using Fermata.Structure;

namespace Fermata.Binary;

/// <summary>The index spaces that the indices of an instruction belong to.</summary>
internal static class IndexImmediates
{
    private static readonly (NameSubsection? First, NameSubsection? Second)[] Spaces = CreateTable();

    /// <summary>The spaces of <see cref="Instruction.Index"/> and <see cref="Instruction.Index2"/>; null where there is no such index.</summary>
    /// <remarks>For immediates that consist of one or two indices alone.</remarks>
    public static (NameSubsection? First, NameSubsection? Second) Find(Immediate immediate) => Spaces[(int)immediate];

    private static (NameSubsection? First, NameSubsection? Second)[] CreateTable()
    {
        var table = new (NameSubsection?, NameSubsection?)[Enum.GetValues<Immediate>().Length];
        foreach (var (immediate, first, second) in Rows)
            table[(int)immediate] = (first, second);
        return table;
    }

    private static (Immediate Immediate, NameSubsection First, NameSubsection? Second)[] Rows =>
    [
        (Immediate.Label, NameSubsection.Label, null),
        (Immediate.Function, NameSubsection.Function, null),
        (Immediate.TypeAndTable, NameSubsection.Type, NameSubsection.Table),
        (Immediate.Type, NameSubsection.Type, null),
        (Immediate.Local, NameSubsection.Local, null),
        (Immediate.Global, NameSubsection.Global, null),
        (Immediate.Table, NameSubsection.Table, null),
        (Immediate.TwoTables, NameSubsection.Table, NameSubsection.Table),
        (Immediate.ElementAndTable, NameSubsection.Element, NameSubsection.Table),
        (Immediate.Element, NameSubsection.Element, null),
        (Immediate.Data, NameSubsection.Data, null),
        (Immediate.DataAndMemory, NameSubsection.Data, NameSubsection.Memory),
        (Immediate.Memory, NameSubsection.Memory, null),
        (Immediate.TwoMemories, NameSubsection.Memory, NameSubsection.Memory),
        (Immediate.TypeAndField, NameSubsection.Type, NameSubsection.Field),
        (Immediate.TwoTypes, NameSubsection.Type, NameSubsection.Type),
        (Immediate.TypeAndData, NameSubsection.Type, NameSubsection.Data),
        (Immediate.TypeAndElement, NameSubsection.Type, NameSubsection.Element),
        (Immediate.Tag, NameSubsection.Tag, null),
    ];
}
