using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Merging;

/// <summary>The exports of all inputs. What has the same name must be the same thing, or be renamed.</summary>
/// <param name="indices">The indices of the merged module.</param>
/// <param name="renamesConflicts">Whether an export whose name is taken becomes <c>NAME.name</c>, after its module.</param>
internal sealed class MergedExports(MergedIndices indices, bool renamesConflicts)
{
    private readonly Dictionary<string, (Export Export, MergeInput Input)> _byName = new(StringComparer.Ordinal);
    private readonly List<Export> _exports = [];

    /// <summary>The exports with indices of the merged module, in the order of the inputs.</summary>
    public IReadOnlyList<Export> All => _exports;

    /// <exception cref="MergeException">A name is taken.</exception>
    public void Add(MergeInput input, int number)
    {
        foreach (var export in input.Definition.Exports)
        {
            var merged = export with { Index = indices.Of(new Item(number, export.Kind, export.Index)) };
            var advice = "--rename-export-conflicts renames it";
            if (!IsFree(merged) && renamesConflicts)
            {
                merged = merged with { Name = $"{input.Name}.{export.Name}" };
                advice = $"{HostileText.Quoted(export.Name)} was to become that; give the modules names of their own";
            }

            Add(input, merged, advice);
        }
    }

    private bool IsFree(Export export) => !_byName.TryGetValue(export.Name, out var other) || IsSame(export, other.Export);

    private void Add(MergeInput input, Export export, string advice)
    {
        if (_byName.TryAdd(export.Name, (export, input)))
            _exports.Add(export);
        else if (_byName[export.Name] is var (other, owner) && !IsSame(export, other))
            throw new MergeException(input, $"export {HostileText.Quoted(export.Name)} is also one of {owner.File} ({advice})");
    }

    private static bool IsSame(Export export, Export other) => (export.Kind, export.Index) == (other.Kind, other.Index);
}
