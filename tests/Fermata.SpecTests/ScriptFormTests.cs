using Fermata.Wast;

namespace Fermata.SpecTests;

/// <summary>
/// The scripts of the suite, run on the engine's other forms of code, with modules that were written in another form and read again. Each form of code goes with one of modules, so that all are there in
/// half of the time; <c>fermata wast</c> has options for one alone. A class of its own, so that it runs beside <see cref="ScriptTests"/>.
/// </summary>
public class ScriptFormTests
{
    public static TheoryData<string> Scripts => ScriptTests.Scripts;

    /// <summary>Merging leaves the branch hints out, which speak of offsets.</summary>
    public static TheoryData<string> Mergeable =>
    [
        .. Suite.Scripts.Where(script => !script.Path.StartsWith("custom/metadata.code.", StringComparison.Ordinal))
            .Select(script => script.Path).DefaultIfEmpty(""),
    ];

    [SuiteTheory(IsHeavy = true)]
    [MemberData(nameof(Scripts))]
    public void Every_assertion_holds_in_pieces_with_a_suspension_at_every_call(string path) =>
        ScriptTests.Check(path, new EngineOptions { SplitEverywhere = true, SuspendEverywhere = true });

    [SuiteTheory(IsHeavy = true)]
    [MemberData(nameof(Scripts))]
    public void Every_assertion_holds_with_a_suspension_at_every_call_of_modules_written_as_flat_text(string path) =>
        ScriptTests.Check(path, new EngineOptions { SuspendEverywhere = true }, RoundTripForm.Flat);

    [SuiteTheory(IsHeavy = true)]
    [MemberData(nameof(Scripts))]
    public void Every_assertion_holds_in_pieces_of_modules_written_as_folded_text(string path) =>
        ScriptTests.Check(path, new EngineOptions { SplitEverywhere = true }, RoundTripForm.Folded);

    [SuiteTheory(IsHeavy = true)]
    [MemberData(nameof(Scripts))]
    public void Every_assertion_holds_where_code_checks_bounds_and_NaNs_are_canonical_of_modules_written_as_bytes(string path) =>
        ScriptTests.Check(path, new EngineOptions { BoundsChecks = BoundsChecks.Explicit, IsDeterministic = true }, RoundTripForm.Binary);

    [SuiteTheory(IsHeavy = true)]
    [MemberData(nameof(Mergeable))]
    public void Every_assertion_holds_where_functions_are_inlined_whatever_their_size_of_modules_merged_with_another(string path) =>
        ScriptTests.Check(path, new EngineOptions { InlinedBytes = int.MaxValue }, RoundTripForm.Merged);

    [SuiteTheory(IsHeavy = true)]
    [MemberData(nameof(Scripts))]
    public void Every_assertion_holds_of_modules_that_are_compiled_to_assemblies(string path) => ScriptTests.Check(path, EngineOptions.Default, persists: true);
}
