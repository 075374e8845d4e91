using System.Diagnostics.CodeAnalysis;

namespace Fermata.Validation;

/// <summary>The recursive groups that are in use, by structure. It keeps none of them. Not safe for use by several threads.</summary>
internal sealed class RecGroupTable
{
    private readonly HashSet<RecGroupReference> _references = new(new ByStructure());
    private readonly HashSet<RecGroupReference>.AlternateLookup<RecGroupKey> _byKey;

    public RecGroupTable() => _byKey = _references.GetAlternateLookup<RecGroupKey>();

    /// <summary>How many there are, with those that are gone and were not removed yet.</summary>
    public int Count => _references.Count;

    public RecGroup? Find(RecGroupKey key) => _byKey.TryGetValue(key, out var found) ? found.Group : null;

    /// <summary>Adds a group of a structure that there is not, or no more.</summary>
    public void Add(RecGroupReference reference) => _references.Add(reference);

    /// <summary>Forgets the groups that are gone.</summary>
    public void Sweep()
    {
        _references.RemoveWhere(static reference => !reference.IsAlive);
        if (_references.Count < _references.Capacity / 4)
            _references.TrimExcess();
    }

    /// <summary>A reference to a group that is gone is equal to nothing but itself.</summary>
    private sealed class ByStructure : IEqualityComparer<RecGroupReference>, IAlternateEqualityComparer<RecGroupKey, RecGroupReference>
    {
        public bool Equals(RecGroupReference? x, RecGroupReference? y) => x == y;

        public int GetHashCode([DisallowNull] RecGroupReference obj) => obj.KeyHash;

        public bool Equals(RecGroupKey alternate, RecGroupReference other) => other.Group is { } group && group.Key.Equals(alternate);

        public int GetHashCode(RecGroupKey alternate) => alternate.GetHashCode();

        public RecGroupReference Create(RecGroupKey alternate) => throw new NotSupportedException();
    }
}
