using System.Globalization;
using System.Text;

namespace Fermata.Tests.Compilation;

/// <summary>Functions of sizes that no compiler emits are run or refused, in time linear in their size.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly Engine _engine = new();
    private readonly Store _store;
    private readonly Linker _linker;

    public LimitTests()
    {
        _store = new Store(_engine);
        _linker = new Linker(_engine);
        _linker.Define("env", "wait", async (int value) =>
        {
            await Task.Yield();
            return value;
        });
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task BlocksAndLoopsMayBeNestedDeeply()
    {
        Assert.Equal(0, await Run("(func (export \"f\") (result i32) " + Repeat("block ", 50_000) + Repeat("end ", 50_000) + "i32.const 0)"));
        Assert.Equal(7, await Run(
            "(func (export \"f\") (result i32) (local i32) " + Repeat("loop ", 1_000) + "i32.const 7 call $wait local.set 0 " + Repeat("end ", 1_000) + "local.get 0)"));
    }

    [Fact]
    public async Task AFrameWithTwentyThousandLocalsIsSavedOrExhaustsTheStack()
    {
        const int Count = 20_000;
        var sets = string.Concat(Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"(local.set {i} (i64.const {i})) ")));
        var locals = $"(local {Repeat("i64 ", Count)}) {sets}";
        Assert.Equal(Count + 2, await Run(
            $"(func (export \"f\") (result i32) {locals} (i32.add (call $wait (i32.const 3)) (i32.wrap_i64 (local.get {Count - 1}))))"));

        // All are used afterwards, so that each call of the recursion keeps them.
        var uses = string.Concat(Enumerable.Range(1, Count - 1).Select(i => string.Create(CultureInfo.InvariantCulture, $"(local.set 0 (i64.add (local.get 0) (local.get {i}))) ")));
        await Assert.ThrowsAsync<StackExhaustedException>(() => Run($"(func $f (export \"f\") (result i32) {locals} call $f {uses} (i32.add (i32.wrap_i64 (local.get 0))))"));
    }

    [Fact]
    public async Task ParametersThatNothingNamesAreNotKept() =>
        Assert.Equal(42, await Run(
            "(func $g (param i32 i64 i32) (result i32) (local f32 i32) (local.set 4 (call $wait (local.get 2))) (i32.add (local.get 4) (local.get 2))) "
            + "(func (export \"f\") (result i32) (call $g (i32.const 1) (i64.const 2) (i32.const 21)))"));

    [Fact]
    public async Task AThousandParametersAndResultsAreCarriedAcrossASuspension()
    {
        var gets = string.Concat(Enumerable.Range(0, 1_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"local.get {i} ")));
        Assert.Equal(1_000, await Run(
            $"(func $many (param {Repeat("i32 ", 1_000)}) (result {Repeat("i32 ", 1_000)}) {gets} call $wait) "
            + $"(func (export \"f\") (result i32) {Repeat("i32.const 1 ", 1_000)} call $many {Repeat("i32.add ", 999)})"));
    }

    [Fact]
    public void AFunctionThatKeepsTooManyValuesAcrossItsCallsIsRefused()
    {
        var gets = string.Concat(Enumerable.Range(0, 1_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"local.get {i} drop ")));
        var fields = $"(func (export \"f\") (local {Repeat("i32 ", 1_000)}) i32.const 0 {Repeat("i32.const 0 call $wait drop ", 5_000)} {gets} drop)";
        var refusal = Assert.Throws<NotSupportedException>(() => Parse(fields));
        Assert.Equal("Function 1 has too many values to keep over all calls and loops that may suspend: 500500, and the limit is 500000.", refusal.Message);
    }

    /// <summary>Of much code with few values it is certain that it is within all limits: it is compiled when it is called.</summary>
    [Fact]
    public async Task LongCodeIsNotCompiledAtTheLoad()
    {
        var fields = $"(table 1 funcref) (func (export \"f\") (result i32) (local i32) {Repeat("(local.set 0 (i32.add (local.get 0) (i32.const 1))) ", 10_000)} "
            + $"{Repeat("(drop (table.get (i32.const 0))) ", 1_000)} (call $wait (local.get 0)))";
        Assert.Empty(Parse(fields).CompiledFunctions);
        Assert.Equal(10_000, await Run(fields));

        // Each may be a variable for good.
        Assert.NotEmpty(Parse($"(table 1 funcref) (func {Repeat("(drop (table.get (i32.const 0))) ", 61_000)})").CompiledFunctions);
    }

    [Fact]
    public async Task ThousandsOfImportsGlobalsTablesAndTags()
    {
        var imports = Repeat("(import \"env\" \"wait\" (func (param i32) (result i32))) ", 5_000);
        var fields = imports + Repeat("(global (mut i32) (i32.const 1)) ", 60_000) + Repeat("(tag) ", 2_000)
            + "(func (export \"f\") (result i32) (global.set 59999 (call 5000 (i32.const 41))) (i32.add (global.get 59999) (global.get 59998)))";
        Assert.Equal(42, await Run(fields));
    }

    [Fact]
    public async Task LocalsThatNothingNamesCostNothing()
    {
        var functions = Repeat("(func (local " + Repeat("i64 ", 500) + "))", 500);
        var locals = $"(local i64 i32 {Repeat("f32 ", 40_000)} i32)";
        Assert.Equal(12, await Run(
            $"(func (export \"f\") (result i32) {locals} (local.set 1 (i32.const 5)) (local.set 40002 (call $wait (i32.const 7))) "
            + $"(i32.add (local.get 1) (i32.add (local.get 40002) (i32.wrap_i64 (local.get 0))))) {functions}"));
    }

    [Fact]
    public async Task ALocalIsAssignedWhileManyOperandsStillReadIt() =>
        Assert.Equal(300, await Run(
            $"(func (export \"f\") (result i32) (local i32) (local.set 0 (i32.const 1)) {Repeat("local.get 0 ", 300)} (local.set 0 (i32.const 7)) {Repeat("i32.add ", 299)})"));

    [Fact]
    public async Task AValueThatIsLiveOnlyByWayOfManyLoopsSurvivesASuspension()
    {
        // Each head leads to the one around once $done is set, and forgets $x before.
        var loops = string.Concat(Enumerable.Range(1, 20).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"loop (br_if 1 (local.get $done)) (local.set $x (i32.const {i})) ")));
        Assert.Equal(20, await Run(
            "(func (export \"f\") (result i32) (local $x i32) (local $done i32) loop (if (local.get $done) (then (return (local.get $x)))) "
            + $"{loops} (local.set $done (call $wait (i32.const 1))) br 1 {Repeat("end ", 21)} unreachable)"));
    }

    [Fact]
    public async Task FunctionsWithMoreStructureTypesThanAnAssemblyHolds()
    {
        const int Count = 300;
        var types = string.Concat(Enumerable.Range(0, Count).Select(i => $"(type $t{i} (struct (field i32) {Repeat("(field i64) ", i)}))"));
        var sum = string.Concat(Enumerable.Range(0, Count).Select(i => $"(i32.add (struct.get $t{i} 0 (struct.new_default $t{i})) (i32.const 1)) "));
        Assert.Equal(Count, await Run($"{types} (func (export \"f\") (result i32) {sum} {Repeat("i32.add ", Count - 1)})"));
    }

    [Fact]
    public async Task MoreResumeFormsThanAnAssemblyHolds()
    {
        const int Count = 300;
        var functions = string.Concat(Enumerable.Range(0, Count).Select(i =>
            $"(func $f{i} (result i32) (local v128) (local.set 0 (v128.const i32x4 {i} 0 0 0)) (drop (call $wait (i32.const 0))) (i32x4.extract_lane 0 (local.get 0)))"));
        var calls = string.Concat(Enumerable.Range(0, Count).Select(i => $"(call $f{i}) "));
        Assert.Equal(Count * (Count - 1) / 2, await Run($"{functions} (func (export \"f\") (result i32) {calls} {Repeat("i32.add ", Count - 1)})"));
    }

    [Fact]
    public async Task ManyTryBlocksAndManyInsideOneAnother()
    {
        const int Count = 3_000;
        var inside = Repeat("(block $h (try_table (catch_all $h) (drop (call $wait (i32.const 1))) ", Count);
        var beside = Repeat("(block $h (try_table (catch_all $h) (drop (call $wait (i32.const 2))) (throw $e)) (unreachable)) ", Count);
        Assert.Equal(3, await Run($"(tag $e) (func (export \"f\") (result i32) {inside} (throw $e) {Repeat("))", Count)} {beside} (i32.const 3))"));
    }

    [Theory]
    [InlineData("values in the lists of several that its calls, blocks and branches move: ", "(block (param i32 i32 i32 i32 i32) (result i32 i32 i32 i32 i32)) ", "", 15_000)]
    [InlineData("blocks that loops, and calls that may suspend, branch back over: ", "(drop (call $wait (i32.const 0))) ", "", 10_000)]
    [InlineData("blocks that loops, and calls that may suspend, branch back over: ", "(loop) ", "", 10_000)]
    [InlineData("blocks that loops, and calls that may suspend, branch back over: ", "(loop (br_if 0 (call $wait (i32.const 0)))) ", "", 5_000)]
    [InlineData("locals and other values to keep at once: 64001, and the limit is 64000", "memory.size ", "drop ", 64_010)]
    public void FunctionsThatNetCannotTakeAreRefused(string problem, string before, string after, int count)
    {
        var five = Repeat("i32.const 0 ", 5);
        var refusal = Assert.Throws<NotSupportedException>(() => Parse(
            $"(memory 1) (func {five} {Repeat(before, count)} {Repeat(after, count)} {Repeat("drop ", 5)})"));
        Assert.StartsWith($"Function 1 has too many {problem}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFunctionOfManyBranchesToOneLoopIsRefused()
    {
        var refusal = Assert.Throws<NotSupportedException>(() => Parse($"(func (loop (i32.const 1) {Repeat("(br_if 0 (i32.const 1)) ", 40_000)} (drop)))"));
        Assert.StartsWith("Function 1 has too many blocks that loops, and calls that may suspend, branch back over: 80", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AModuleOfManyFunctionsThatMoveManyValuesIsRefused()
    {
        var many = Repeat("i32 ", 1_000);
        var block = "(block (type $t)) ";
        var function = $"(func (type $t) {string.Concat(Enumerable.Range(0, 1_000).Select(i => $"local.get {i} "))} {Repeat(block, 40)}) ";
        var refusal = Assert.Throws<NotSupportedException>(() => Parse($"(type $t (func (param {many}) (result {many}))) {Repeat(function, 2)}"));
        Assert.StartsWith("The module has too many values in the lists of several", refusal.Message, StringComparison.Ordinal);
    }

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private Module Parse(string fields) => Module.Parse(_engine, "(import \"env\" \"wait\" (func $wait (param i32) (result i32))) " + fields);

    private Task<int> Run(string fields) => _linker.Instantiate(_store, Parse(fields)).GetFunction<Func<Task<int>>>("f")();
}
