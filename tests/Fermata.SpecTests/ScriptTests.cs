using Fermata.Wast;

namespace Fermata.SpecTests;

/// <summary>The scripts of the suite that are covered, run on the engine.</summary>
public class ScriptTests
{
    public static TheoryData<string> Covered =>
        [.. Suite.Scripts.Where(script => script.NotCovered is null).Select(script => script.Path).DefaultIfEmpty("")];

    [SuiteTheory]
    [MemberData(nameof(Covered))]
    public void Every_assertion_holds(string path) => Check(path, EngineOptions.Default);

    [SuiteTheory]
    [MemberData(nameof(Covered))]
    public void Every_assertion_holds_with_a_suspension_at_every_call(string path) => Check(path, new EngineOptions { SuspendEverywhere = true });

    private static void Check(string path, EngineOptions options)
    {
        var report = new WastRunner(new Engine(options)).Run(Suite.Load(path));

        Assert.Empty(report.Results.Where(result => result.Outcome != WastOutcome.Passed).Select(result => result.ToString()));
        Assert.Equal(report.Script.AssertionCount, report.Passed);
    }
}
