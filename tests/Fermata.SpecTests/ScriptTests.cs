using Fermata.Wast;

namespace Fermata.SpecTests;

/// <summary>The scripts of the suite, run on the engine.</summary>
public class ScriptTests
{
    public static TheoryData<string> Scripts =>
        [.. Suite.Scripts.Select(script => script.Path).DefaultIfEmpty("")];

    [SuiteTheory]
    [MemberData(nameof(Scripts))]
    public void Every_assertion_holds(string path) => Check(path, EngineOptions.Default);

    /// <summary>Some scripts; <c>fermata wast --snapshot-everywhere</c> runs all.</summary>
    [SuiteTheory]
    [InlineData("core/call_indirect.wast")]
    [InlineData("core/exceptions/try_table.wast")]
    [InlineData("core/gc/array.wast")]
    [InlineData("core/imports.wast")]
    [InlineData("core/linking.wast")]
    [InlineData("core/loop.wast")]
    [InlineData("threads/MP.wast")]
    public void Every_assertion_holds_in_stores_that_are_restored_from_snapshots(string path)
    {
        var report = new WastRunner(new Engine()) { SnapshotsEverywhere = true }.Run(Suite.Load(path));

        Check(report);
        Assert.True(report.Snapshots!.Snapshots + report.Snapshots.Refusals.Values.Sum() >= report.Snapshots.Calls);
    }

    /// <summary>Runs a script, in which all assertions hold.</summary>
    public static void Check(string path, EngineOptions options, RoundTripForm roundTrip = RoundTripForm.None, bool persists = false) =>
        Check(new WastRunner(new Engine(options)) { RoundTrip = roundTrip, Persists = persists }.Run(Suite.Load(path)));

    private static void Check(WastReport report)
    {
        Assert.Empty(report.Results.Where(result => result.Outcome != WastOutcome.Passed).Select(result => result.ToString()));
        Assert.Equal(report.Script.AssertionCount, report.Passed);
    }
}
