using Fermata.Binary;

namespace Fermata.Merging;

/// <summary>What can be imported and exported, as one of the inputs knows it.</summary>
/// <param name="Input">The number of the input.</param>
/// <param name="Kind">The kind, which tells the index space.</param>
/// <param name="Index">The index in that space of the input.</param>
internal readonly record struct Item(int Input, ExternKind Kind, int Index)
{
    public NameSubsection Space => IndexMap.SpaceOf(Kind);
}
