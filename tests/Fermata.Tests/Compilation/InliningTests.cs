using System.Security.Cryptography;

namespace Fermata.Tests.Compilation;

/// <summary>Small functions stand in place of their calls, and nothing tells but the time.</summary>
public sealed class InliningTests
{
    private const int All = int.MaxValue;

    public static TheoryData<EngineOptions> Variants => new()
    {
        EngineOptions.Default,
        EngineOptions.Default with { BoundsChecks = BoundsChecks.Explicit },
        EngineOptions.Default with { UsesFuel = true },
        EngineOptions.Default with { UsesFuel = true, SuspendEverywhere = true },
        EngineOptions.Default with { MaxStackBytes = 0, IsInterruptible = false },
        EngineOptions.Default with { AllowsFunctionPointerCasts = true },
    };

    /// <summary>Where a guard page faults the innermost function is that of the statement which .NET takes the instruction for: very seldom another one.</summary>
    [Theory]
    [MemberData(nameof(Variants), DisableDiscoveryEnumeration = true)]
    public void Results_traps_traces_memory_and_fuel_are_the_same(EngineOptions options)
    {
        var (plain, inlining) = (new Engine(options with { InlinedBytes = 0 }), new Engine(options with { InlinedBytes = All }));
        var (traps, faults, otherwise) = (0, 0, 0);
        for (var seed = 0; seed < 60; seed++)
        {
            var text = CallingProgram.Text(seed);
            foreach (var (expected, actual) in Run(plain, text, seed).Zip(Run(inlining, text, seed)))
            {
                Assert.Equal(expected with { Trace = "" }, actual with { Trace = "" });
                var isFault = inlining.Options.BoundsChecks == BoundsChecks.Automatic && expected.Result == nameof(TrapKind.OutOfBoundsMemoryAccess);
                if (!isFault)
                    Assert.Equal(expected.Trace, actual.Trace);
                traps += expected.Trace == "" ? 0 : 1;
                faults += isFault ? 1 : 0;
                otherwise += expected.Trace == actual.Trace ? 0 : 1;
            }
        }

        Assert.InRange(traps, 100, 1_200);
        Assert.InRange(otherwise, 0, faults / 50);
    }

    /// <summary>Programs that trap behind a place where long straight code looks whether it is to go on, and pays.</summary>
    [Theory]
    [InlineData(808)]
    [InlineData(835)]
    public void Long_code_pays_at_the_same_places(int seed)
    {
        var options = new EngineOptions { UsesFuel = true };
        var text = CallingProgram.Text(seed);

        var expected = Run(new Engine(options with { InlinedBytes = 0 }), text, seed);

        Assert.Equal(expected, Run(new Engine(options with { InlinedBytes = All }), text, seed));
    }

    [Fact]
    public void Small_functions_are_not_made_for_direct_calls_nor_for_those_through_a_table_that_nobody_writes_to()
    {
        var (instance, module) = Instantiate("""
            (table funcref (elem $one $two))
            (func $one (result i32) (i32.const 1))
            (func $two (result i32) (i32.const 2))
            (func $three (result i32) (i32.const 3))
            (func (export "f") (param i32) (result i32) (i32.add (call $three) (call_indirect (result i32) (local.get 0))))
            """);

        Assert.Equal([4], instance.GetFunction("f").Invoke(0));
        Assert.Equal([5], instance.GetFunction("f").Invoke(1));
        Assert.Equal([3], CodeOnDemandTests.Made(module));
    }

    [Theory]
    [InlineData("(export \"table\" (table 0))", "")]
    [InlineData("", "(table.set (i32.const 0) (ref.func $two))")]
    [InlineData("", "(table.fill (i32.const 0) (ref.func $two) (i32.const 1))")]
    [InlineData("", "(table.copy (i32.const 0) (i32.const 1) (i32.const 1))")]
    [InlineData("", "(table.init $more (i32.const 0) (i32.const 0) (i32.const 1))")]
    public void An_indirect_call_finds_what_was_written_to_the_table(string declaration, string write)
    {
        var (instance, _) = Instantiate($"""
            (table 2 funcref)
            (elem (i32.const 0) $one $two)
            (elem $more func $two)
            {declaration}
            (func $one (result i32) (i32.const 1))
            (func $two (result i32) (i32.const 2))
            (func (export "write") {write})
            (func (export "f") (result i32) (call_indirect (result i32) (i32.const 0)))
            """);
        var f = instance.GetFunction("f");
        Assert.Equal([1], f.Invoke());

        if (declaration == "")
            instance.GetFunction("write").Invoke();
        else
            instance.GetTable("table").Set(0, instance.GetTable("table").Get(1));
        Assert.Equal([2], f.Invoke());
    }

    [Fact]
    public void An_indirect_call_finds_what_a_table_has_at_first()
    {
        var (instance, _) = Instantiate("""
            (table 2 funcref (ref.func $two))
            (elem (i32.const 0) $one)
            (func $one (result i32) (i32.const 1))
            (func $two (result i32) (i32.const 2))
            (func (export "f") (param i32) (result i32) (call_indirect (result i32) (local.get 0)))
            """);

        Assert.Equal([1], instance.GetFunction("f").Invoke(0));
        Assert.Equal([2], instance.GetFunction("f").Invoke(1));
    }

    /// <summary>The second element segment fails, so the third is never copied, but the first has given $f away.</summary>
    [Fact]
    public void An_indirect_call_traps_in_an_instance_that_was_never_complete()
    {
        using var store = new Store(new Engine());
        var table = new Table(store, new TableType(ValType.FuncRef, new Limits(1, null)));
        var linker = new Linker(store.Engine).Define("host", "table", table);
        Assert.Throws<TableTrapException>(() => linker.Instantiate(store, Module.Parse(store.Engine, """
            (import "host" "table" (table $given 1 funcref))
            (table $own 1 funcref)
            (elem (table $given) (i32.const 0) func $f)
            (elem (table $given) (i32.const 1) func $f)
            (elem (table $own) (i32.const 0) func $one)
            (func $one (result i32) (i32.const 1))
            (func $f (result i32) (call_indirect $own (result i32) (i32.const 0)))
            """)));

        Assert.Equal(TrapKind.UninitializedElement, Assert.Throws<TableTrapException>(() => table.GetFunction(0).Invoke()).Kind);
    }

    [Theory]
    [InlineData(1, "indirect call type mismatch (expected type 1 \"wanted\" (func (result i32)), found \"other\", type 0 \"found\" (func))")]
    [InlineData(3, "uninitialized element 3")]
    [InlineData(4, "undefined element")]
    [InlineData(-1, "undefined element")]
    public void An_indirect_call_traps_as_ever(int index, string message)
    {
        var (instance, _) = Instantiate("""
            (type $found (func)) (type $wanted (func (result i32)))
            (table 4 4 funcref)
            (elem (i32.const 0) $one $other $one)
            (func $one (type $wanted) (i32.const 1))
            (func $other (type $found))
            (func $f (export "f") (param i32) (result i32) (call_indirect (type $wanted) (local.get 0)))
            """);
        var f = instance.GetFunction("f");

        Assert.Equal([1], f.Invoke(2));
        Assert.Equal(message + "\n  at f", Assert.Throws<TableTrapException>(() => f.Invoke(index)).Message);
    }

    [Fact]
    public void A_function_with_many_locals_finds_them_zero()
    {
        var (instance, _) = Instantiate($"""
            (func $leaf (param i32) (result i32) (local i32) (i32.add (local.get 0) (local.get 1)))
            (func (export "f") (result i32) (local {string.Concat(Enumerable.Repeat("i32 ", 256))})
              {string.Concat(Enumerable.Range(0, 256).Select(i => $"(local.set {i} (call $leaf (local.get {i})))"))}
              {string.Concat(Enumerable.Range(0, 256).Select(i => $"(local.get {i}) "))} {string.Concat(Enumerable.Repeat("i32.add ", 255))})
            """);

        Assert.Equal([0], instance.GetFunction("f").Invoke());
    }

    private static (Instance Instance, Module Module) Instantiate(string text)
    {
        var store = new Store(new Engine());
        var module = Module.Parse(store.Engine, text);
        return (new Linker(store.Engine).Instantiate(store, module), module);
    }

    private static List<Outcome> Run(Engine engine, string text, int seed)
    {
        using var store = new Store(engine) { Fuel = engine.Options.UsesFuel ? 1_000_000 : 0 };
        var instance = new Linker(engine).Instantiate(store, Module.Parse(engine, text));
        var run = instance.GetFunction("run");
        var random = new Random(seed);
        var outcomes = new List<Outcome>();
        for (var i = 0; i < 20; i++)
        {
            var (result, trace) = ("", "");
            try
            {
                result = run.Invoke(random.Next(70_000), random.Next(-1, 10))[0].ToString();
            }
            catch (TrapException trap)
            {
                (result, trace) = (trap.Kind.ToString(), trap.Message);
            }

            var memory = Convert.ToHexString(SHA256.HashData(instance.GetMemory("memory").Span));
            outcomes.Add(new Outcome(result, trace, instance.GetGlobal("global").Value.AsI32(), engine.Options.UsesFuel ? store.Fuel : 0, memory));
        }

        return outcomes;
    }

    private sealed record Outcome(string Result, string Trace, int Global, long Fuel, string Memory);
}
