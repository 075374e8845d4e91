namespace Fermata.Wast;

/// <summary>What came of running a script.</summary>
/// <param name="script">The script.</param>
/// <param name="results">A result for every assertion, and one for every other command that failed.</param>
/// <param name="snapshots">What came of snapshots; null if there were to be none.</param>
public sealed class WastReport(WastScript script, IReadOnlyList<WastResult> results, SnapshotCounts? snapshots = null)
{
    /// <summary>The script.</summary>
    public WastScript Script { get; } = script;

    /// <summary>A result for every assertion, and one for every other command that failed, in the order of the script.</summary>
    public IReadOnlyList<WastResult> Results { get; } = results;

    /// <summary>How many assertions hold.</summary>
    public int Passed => Count(WastOutcome.Passed);

    /// <summary>How many assertions do not hold, and other commands that failed.</summary>
    public int Failed => Count(WastOutcome.Failed);

    /// <summary>How many assertions were not tried.</summary>
    public int Skipped => Count(WastOutcome.Skipped);

    /// <summary>What came of the snapshots that calls went through; null if there were to be none.</summary>
    public SnapshotCounts? Snapshots { get; } = snapshots;

    private int Count(WastOutcome outcome) => Results.Count(result => result.Outcome == outcome);
}
