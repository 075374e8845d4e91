namespace Fermata.SpecTests;

/// <summary>The scripts of the suite, run on the engine's other forms of code. A class of its own, so that it runs beside <see cref="ScriptTests"/>.</summary>
public class ScriptFormTests
{
    public static TheoryData<string> Scripts => ScriptTests.Scripts;

    [SuiteTheory(IsHeavy = true)]
    [MemberData(nameof(Scripts))]
    public void Every_assertion_holds_with_a_suspension_at_every_call(string path) => ScriptTests.Check(path, new EngineOptions { SuspendEverywhere = true });

    [SuiteTheory(IsHeavy = true)]
    [MemberData(nameof(Scripts))]
    public void Every_assertion_holds_in_pieces(string path) => ScriptTests.Check(path, new EngineOptions { SplitEverywhere = true });

    [SuiteTheory(IsHeavy = true)]
    [MemberData(nameof(Scripts))]
    public void Every_assertion_holds_where_NaNs_are_canonical(string path) => ScriptTests.Check(path, new EngineOptions { IsDeterministic = true });

    [SuiteTheory(IsHeavy = true)]
    [MemberData(nameof(Scripts))]
    public void Every_assertion_holds_where_code_checks_bounds(string path) => ScriptTests.Check(path, new EngineOptions { BoundsChecks = BoundsChecks.Explicit });

    [SuiteTheory(IsHeavy = true)]
    [MemberData(nameof(Scripts))]
    public void Every_assertion_holds_of_modules_that_are_compiled_to_assemblies(string path) => ScriptTests.Check(path, EngineOptions.Default, persists: true);

    [SuiteTheory(IsHeavy = true)]
    [MemberData(nameof(Scripts))]
    public void Every_assertion_holds_where_functions_are_inlined_whatever_their_size(string path) => ScriptTests.Check(path, new EngineOptions { InlinedBytes = int.MaxValue });
}
