using Fermata.Binary;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Merging;

/// <summary>The types of the merged module: the groups of all inputs, equal ones once.</summary>
internal sealed class MergedTypes
{
    /// <summary>By the identity of a group's first type, the index of that type.</summary>
    private readonly Dictionary<int, int> _firstIndices = [];
    private readonly List<(ModulePart Part, RecType Group)> _groups = [];
    private int _count;

    /// <summary>The groups in order, each with the part that has it.</summary>
    public IReadOnlyList<(ModulePart Part, RecType Group)> Groups => _groups;

    /// <summary>Adds the types of a part and fills in their indices.</summary>
    public void Add(ModulePart part, ModuleTypes types)
    {
        foreach (var group in part.Definition.RecTypes.Where(group => group.Members.Length > 0))
        {
            // Groups are equal as a whole, and then have the same types (section 3.1.3 "Rolling and Unrolling").
            if (_firstIndices.TryAdd(types.Types[group.FirstIndex].Id, _count))
            {
                _groups.Add((part, group));
                _count += group.Members.Length;
            }

            var first = _firstIndices[types.Types[group.FirstIndex].Id];
            for (var i = 0; i < group.Members.Length; i++)
                part.Indices.Assign(NameSubsection.Type, group.FirstIndex + i, first + i);
        }
    }
}
