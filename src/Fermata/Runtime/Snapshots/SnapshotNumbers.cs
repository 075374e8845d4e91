namespace Fermata.Runtime;

/// <summary>The things of a kind in a snapshot, by their numbers from 0: in the order in which instances have them.</summary>
internal sealed class SnapshotNumbers<T>
    where T : class
{
    private readonly Dictionary<T, int> _numbers = new(ReferenceEqualityComparer.Instance);

    /// <summary>All of them.</summary>
    public List<T> All { get; } = [];

    /// <summary>The number of a thing that has one.</summary>
    public int Of(T thing) => _numbers[thing];

    /// <summary>The number of a thing; null if it has none.</summary>
    public int? Find(T thing) => _numbers.TryGetValue(thing, out var number) ? number : null;

    /// <summary>Gives a thing the next number, if it has none.</summary>
    /// <returns>Whether it had none.</returns>
    public bool TryAdd(T thing)
    {
        if (!_numbers.TryAdd(thing, All.Count))
            return false;
        All.Add(thing);
        return true;
    }
}
