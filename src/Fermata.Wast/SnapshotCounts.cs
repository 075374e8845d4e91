namespace Fermata.Wast;

/// <summary>What came of running a script with snapshots.</summary>
public sealed class SnapshotCounts
{
    private readonly SortedDictionary<string, int> _refusals = new(StringComparer.Ordinal);

    /// <summary>How many snapshots were made; each was restored.</summary>
    public int Snapshots { get; internal set; }

    /// <summary>How many functions were called.</summary>
    public int Calls { get; internal set; }

    /// <summary>How many of the calls ran to their end in the store in which they were, by the reason.</summary>
    public IReadOnlyDictionary<string, int> Refusals => _refusals;

    /// <summary>Counts what another run has counted.</summary>
    /// <param name="other">What it has counted.</param>
    public void Add(SnapshotCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Snapshots += other.Snapshots;
        Calls += other.Calls;
        foreach (var (reason, count) in other.Refusals)
            Refuse(reason, count);
    }

    internal void Refuse(string reason, int count = 1) => _refusals[reason] = _refusals.GetValueOrDefault(reason) + count;
}
