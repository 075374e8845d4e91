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
    public async Task AFrameWithFiftyThousandLocalsIsSavedOrExhaustsTheStack()
    {
        var locals = "(local " + Repeat("i64 ", 49_000) + ")";
        Assert.Equal(3, await Run($"(func (export \"f\") (result i32) {locals} i32.const 3 call $wait)"));
        await Assert.ThrowsAsync<StackExhaustedException>(() => Run($"(func $f (export \"f\") (result i32) {locals} call $f)"));
    }

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
        var fields = $"(func (export \"f\") (local {Repeat("i32 ", 1_000)}) {Repeat("i32.const 0 call $wait drop ", 5_000)} {gets})";
        var refusal = Assert.Throws<NotSupportedException>(() => Parse(fields));
        Assert.Equal("Function 1 keeps more values across its calls than Fermata supports: 500000 over all calls that may suspend.", refusal.Message);
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
    public void MoreFunctionsThanAClassCanHaveAreRefused()
    {
        var refusal = Assert.Throws<NotSupportedException>(() => Parse(Repeat("(func) ", 70_000)));
        Assert.StartsWith("The module has more functions than Fermata supports", refusal.Message, StringComparison.Ordinal);
    }

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private Module Parse(string fields) => Module.Parse(_engine, "(import \"env\" \"wait\" (func $wait (param i32) (result i32))) " + fields);

    private Task<int> Run(string fields) => _linker.Instantiate(_store, Parse(fields)).GetFunction<Func<Task<int>>>("f")();
}
