using Fermata.Wast;

namespace Fermata.Cli;

/// <summary>Runs scripts one after another and counts.</summary>
internal sealed class ScriptRun(WastRunner runner)
{
    private readonly List<string> _lines = [];

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>What came of snapshots so far; null if there are to be none.</summary>
    public SnapshotCounts? Snapshots { get; } = runner.SnapshotsEverywhere ? new SnapshotCounts() : null;

    /// <summary>Runs a script.</summary>
    /// <returns>A line for what failed or was not run.</returns>
    public IReadOnlyList<string> Add(SelectedScript selected)
    {
        _lines.Clear();
        Run(selected);
        return _lines;
    }

    private void Run(SelectedScript selected)
    {
        try
        {
            var script = WastScript.Parse(selected.Name, File.ReadAllBytes(selected.File));
            CheckCount(selected, script);
            Count(runner.Run(script));
        }
        catch (MalformedModuleException e)
        {
            Fail($"{selected.Name}:{e.Line}: column {e.Column}: not a script: {e.Problem}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail($"{selected.Name}: {e.Message}");
        }
    }

    private void Count(WastReport report)
    {
        Passed += report.Passed;
        Failed += report.Failed;
        Skipped += report.Skipped;
        foreach (var result in report.Results.Where(result => result.Outcome == WastOutcome.Failed))
            _lines.Add(result.ToString());
        foreach (var reason in report.Results.Where(result => result.Outcome == WastOutcome.Skipped).GroupBy(result => result.Reason))
            _lines.Add($"{report.Script.Name}:{reason.First().Line}: {reason.Count()} skipped: {reason.Key}");
        if (report.Snapshots is { } snapshots)
            Count(report.Script, snapshots);
    }

    private void Count(WastScript script, SnapshotCounts snapshots)
    {
        Snapshots!.Add(snapshots);
        foreach (var (reason, count) in snapshots.Refusals)
            _lines.Add($"{script.Name}: {count} {(count == 1 ? "call" : "calls")} without a snapshot: {reason}");
    }

    /// <summary>An assertion that the parser overlooks would otherwise count as one that holds.</summary>
    private void CheckCount(SelectedScript selected, WastScript script)
    {
        if (selected.Suite is { } suite && suite.Assertions != script.AssertionCountOutsideThreads)
            Fail($"{selected.Name}:1: the manifest counts {suite.Assertions} assertions, found {script.AssertionCountOutsideThreads}");
    }

    private void Fail(string line)
    {
        Failed++;
        _lines.Add(line);
    }
}
