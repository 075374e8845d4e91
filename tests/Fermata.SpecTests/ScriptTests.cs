using Fermata.Wast;

namespace Fermata.SpecTests;

/// <summary>The scripts of the suite, run on the engine.</summary>
public class ScriptTests
{
    /// <summary>Scripts that use what the engine does not have: the start of their paths, and what that is.</summary>
    private static readonly (string Prefix, string Reason)[] NotCovered =
    [
        ("core/simd/", "vector instructions"),
        ("core/relaxed-simd/", "vector instructions"),
        ("core/gc/", "structures, arrays and i31 references"),
        ("core/bulk-memory/table_init.wast", "arrays"),
        ("core/memory64/table_init64.wast", "arrays"),
    ];

    public static TheoryData<string> Covered =>
        [.. SpecSuite.Parts.SelectMany(SpecSuite.Scripts).Select(script => script.Path).Where(IsCovered).DefaultIfEmpty("")];

    [SuiteTheory]
    [MemberData(nameof(Covered))]
    public void Every_assertion_holds(string path) => Check(path, EngineOptions.Default);

    [SuiteTheory]
    [MemberData(nameof(Covered))]
    public void Every_assertion_holds_with_a_suspension_at_every_call(string path) => Check(path, new EngineOptions { SuspendEverywhere = true });

    private static void Check(string path, EngineOptions options)
    {
        var report = new WastRunner(new Engine(options)).Run(WastScript.Load(SpecSuite.File(path)));

        Assert.Empty(report.Results.Where(result => result.Outcome != WastOutcome.Passed).Select(result => result.ToString()));
        Assert.Equal(report.Script.AssertionCount, report.Passed);
    }

    private static bool IsCovered(string path) => !NotCovered.Any(entry => path.StartsWith(entry.Prefix, StringComparison.Ordinal));
}
