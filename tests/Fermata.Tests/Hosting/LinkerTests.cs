namespace Fermata.Tests.Hosting;

public sealed class LinkerTests : IDisposable
{
    private readonly Guest _guest = new();

    private Store Store => _guest.Store;

    private Linker Linker => _guest.Linker;

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void AnUnknownImportIsNamedWithItsType()
    {
        var error = Assert.Throws<LinkException>(() => _guest.Instantiate("""(import "env" "add" (func (param i32) (result i64)))"""));
        Assert.StartsWith("unknown import", error.Message, StringComparison.Ordinal);
        Assert.Contains("env", error.Message, StringComparison.Ordinal);
        Assert.Contains("(func (param i32) (result i64))", error.Message, StringComparison.Ordinal);
        Assert.Equal(("env", "add"), (error.ModuleName, error.FieldName));
        Assert.Null(error.Found);
    }

    [Fact]
    public void ADelegateOfAnotherTypeIsRefusedWithBothTypes()
    {
        Linker.Define("env", "add", (int a, long b) => a + b);
        var error = Assert.Throws<LinkException>(() => _guest.Instantiate("""(import "env" "add" (func (param i32 i32) (result i32)))"""));
        Assert.StartsWith("incompatible import type", error.Message, StringComparison.Ordinal);
        Assert.Contains("(func (param i32 i32) (result i32))", error.Message, StringComparison.Ordinal);
        Assert.Contains("(func (param i32 i64) (result i64))", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AllThatIsMissingOrOfAnotherTypeIsToldAtOnce()
    {
        Linker.Define("env", "add", (int a) => a).Define("env", "fits", () => { });
        var error = Assert.Throws<LinkException>(() => _guest.Instantiate("""
            (import "env" "add" (func (param i64)))
            (import "env" "fits" (func))
            (import "env" "memory" (memory 1))
            (import "lib" "global" (global i32))
            """));
        Assert.Equal(
            """
            incompatible import type "env" "add": the module expects (func (param i64)), found (func (param i32) (result i32))
            unknown import "env" "memory": nothing is defined under this name; the module expects (memory 1)
            unknown import "lib" "global": nothing is defined under this name; the module expects (global i32)
            """,
            error.Message);
        Assert.Equal(
            [("env", "add", true), ("env", "memory", false), ("lib", "global", false)],
            error.Problems.Select(problem => (problem.ModuleName, problem.FieldName, problem.Found is not null)));
    }

    [Theory]
    [InlineData("(func)")]
    [InlineData("(table 1 funcref)")]
    [InlineData("(memory 1)")]
    [InlineData("(global i64)")]
    [InlineData("(global (mut i32))")]
    public void AThingOfAnotherKindOrTypeIsRefused(string import)
    {
        Linker.Define("env", "g", new Global(Store, new GlobalType(ValType.I32, false), 1));
        Assert.Throws<LinkException>(() => _guest.Instantiate($"""(import "env" "g" {import})"""));
    }

    [Theory]
    [InlineData("(memory 1)", true)]
    [InlineData("(memory 2 3)", true)]
    [InlineData("(memory 2 4)", true)]
    [InlineData("(memory 2 2)", false)]
    [InlineData("(memory 3)", false)]
    [InlineData("(memory i64 1)", false)]
    public void TheLimitsOfAMemoryMustFitItsPresentSize(string import, bool fits)
    {
        var memory = new Memory(Store, new MemoryType(new Limits(1, 3)));
        memory.Grow(1);
        Linker.Define("env", "m", memory);
        var error = Record.Exception(() => _guest.Instantiate($"""(import "env" "m" {import})"""));
        Assert.Equal(fits, error is null);
        Assert.True(error is null or LinkException);
    }

    [Theory]
    [InlineData("(table 1 funcref)", true)]
    [InlineData("(table 1 externref)", false)]
    [InlineData("(table 5 funcref)", false)]
    [InlineData("(table 1 1 funcref)", false)]
    public void TheTypeOfATableMustFit(string import, bool fits)
    {
        Linker.Define("env", "t", new Table(Store, new TableType(ValType.FuncRef, new Limits(2, 4))));
        var error = Record.Exception(() => _guest.Instantiate($"""(import "env" "t" {import})"""));
        Assert.Equal(fits, error is null);
    }

    [Fact]
    public void AnImmutableGlobalMayHaveASubtype()
    {
        var source = _guest.Instantiate("""(func $f) (global (export "g") (ref func) (ref.func $f)) (global (export "m") (mut (ref null func)) (ref.null func))""");
        Linker.DefineInstance("a", source);
        _guest.Instantiate("""(import "a" "g" (global funcref))""");
        _guest.Instantiate("""(import "a" "m" (global (mut funcref)))""");
        Assert.Throws<LinkException>(() => _guest.Instantiate("""(import "a" "m" (global (mut (ref func))))"""));
    }

    [Fact]
    public void ANameIsDefinedOnceUnlessRedefinitionIsAllowed()
    {
        Linker.Define("env", "f", () => 1);
        Assert.Throws<ArgumentException>(() => Linker.Define("env", "f", () => 2));
        Linker.AllowRedefinition = true;
        Linker.Define("env", "f", () => 2);
        var instance = _guest.Instantiate("""(import "env" "f" (func (result i32))) (export "f" (func 0))""");
        Assert.Equal(2, instance.GetFunction<Func<int>>("f")());
    }

    [Fact]
    public void ACopyHasTheDefinitionsAndLeavesTheOtherAsItIs()
    {
        const string text = """(module (import "env" "a" (func (result i32))) (import "env" "b" (func)) (import "env" "c" (func)) (export "a" (func 0)) (func (export "c")))""";
        var module = Module.Parse(_guest.Engine, text);
        Linker.Define("env", "a", () => 1).DefineSelf("env").DefineUnknownImportsAsTraps(module);
        var copy = new Linker(Linker) { AllowRedefinition = true };
        copy.Define("env", "a", () => 2);
        Assert.Equal(2, copy.Instantiate(Store, module).GetFunction("a").Invoke()[0].AsI32());
        Assert.Equal(1, Linker.Instantiate(Store, module).GetFunction("a").Invoke()[0].AsI32());
        Assert.False(Linker.AllowRedefinition);
    }

    [Fact]
    public void ThingsOfAnotherStoreAreRefused()
    {
        using var other = new Store(_guest.Engine);
        Linker.Define("env", "m", new Memory(other, new MemoryType(new Limits(1, null)))).Define("env", "f", Function.Create(other, () => { }));
        AssertRefused("""(import "env" "m" (memory 1))""", "\"m\" is a memory");
        AssertRefused("""(import "env" "f" (func))""", "\"f\" is a function");

        void AssertRefused(string text, string what) => Assert.Equal(
            $"What is defined as \"env\" {what} of another store. Make it in this store, with a linker for each store; " +
            "only delegates and shared memories may be used in all.",
            Assert.Throws<ArgumentException>(() => _guest.Instantiate(text)).Message);
    }

    [Fact]
    public async Task AFunctionOfAnotherStoreIsRefusedEverywhereWithWhatToDo()
    {
        const string Found = "a function of another store. Take it from an instance of this store, or wrap calls of it in a delegate (Function.Create)";
        using var store = new Store(_guest.Engine);
        var foreign = Function.Create(store, () => { });
        var value = Value.FromRef(foreign, ValType.FuncRef);
        Linker.Define("env", "get", () => foreign);
        Linker.Define("env", "untyped", new FuncType([], [ValType.FuncRef]), (_, _, results) => results[0] = value);
        var instance = _guest.Instantiate("""
            (import "env" "get" (func $get (result funcref)))
            (import "env" "untyped" (func $untyped (result funcref)))
            (table (export "table") 1 funcref)
            (global (export "global") (mut funcref) (ref.null func))
            (tag (export "tag") (param funcref))
            (func (export "take") (param funcref))
            (func (export "get") (drop (call $get)))
            (func (export "untyped") (drop (call $untyped)))
            """);
        var take = instance.GetFunction("take");
        AssertMessage($"a table of funcref cannot hold {Found} (Parameter 'value')", Record.Exception(() => instance.GetTable("table").Set(0, foreign)));
        AssertMessage($"a table of funcref cannot hold {Found} (Parameter 'value')", Record.Exception(() => instance.GetTable("table").Grow(1, foreign)));
        AssertMessage($"a global of type funcref cannot hold {Found} (Parameter 'value')", Record.Exception(() => instance.GetGlobal("global").Value = value));
        AssertMessage(
            $"Value 0 of the exception must be funcref, found {Found}. (Parameter 'values')", Record.Exception(() => new WasmException(instance.GetTag("tag"), value)));
        AssertMessage($"Argument 1 of take must be funcref, found {Found}.", Record.Exception(() => take.Invoke(value)));
        AssertMessage($"Argument 1 of take must be funcref, found {Found}.", await Record.ExceptionAsync(() => take.InvokeAsync(value)));
        AssertMessage($"Argument 1 of take must be funcref, found {Found}.", Record.Exception(() => take.As<Action<Function>>()(foreign)));
        foreach (var name in (string[])["get", "untyped"])
        {
            Assert.Equal(
                $"Result 1 of the host function env.{name} is a funcref, but the delegate returned {Found}.",
                Assert.Throws<InvalidCastException>(instance.GetFunction<Action>(name)).Message);
        }

        static void AssertMessage(string message, Exception? error) => Assert.Equal(message, Assert.IsType<ArgumentException>(error).Message);
    }

    [Fact]
    public void ModulesAndStoresOfAnotherEngineAreRefused()
    {
        var other = new Engine();
        using var store = new Store(other);
        Assert.Throws<ArgumentException>(() => Linker.Instantiate(Store, Module.Parse(other, "(module)")));
        Assert.Throws<ArgumentException>(() => Linker.Instantiate(store, Module.Parse(_guest.Engine, "(module)")));
    }

    [Fact]
    public void ADelegateWithATypeThatWebAssemblyDoesNotHaveIsRefusedAtOnce()
    {
        var error = Assert.Throws<ArgumentException>(() => Linker.Define("env", "f", (decimal d) => { }));
        Assert.Contains("Decimal", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Linker.Define("env", "f", (ref int i) => { }));
        Assert.Throws<ArgumentException>(() => Linker.Define("env", "f", () => DateTime.MinValue));
        Assert.Throws<ArgumentException>(() => Linker.Define("env", "f", (int i, CancellationToken token) => { }));
    }

    [Fact]
    public void TheExportsOfAnInstanceCanBeImported()
    {
        Linker.DefineInstance("a", _guest.Instantiate("""
            (func (export "f") (result i32) (i32.const 7))
            (memory (export "m") 1)
            (table (export "t") 1 funcref)
            (global (export "g") (mut i32) (i32.const 8))
            """));
        var instance = _guest.Instantiate("""
            (import "a" "f" (func $f (result i32)))
            (import "a" "m" (memory 1))
            (import "a" "t" (table 1 funcref))
            (import "a" "g" (global $g (mut i32)))
            (func (export "sum") (result i32) (i32.add (call $f) (global.get $g)))
            """);
        Assert.Equal(15, instance.GetFunction<Func<int>>("sum")());
    }

    [Fact]
    public void AModuleTellsItsImportsAndExports()
    {
        var module = Module.Parse(_guest.Engine, """
            (import "env" "f" (func (param i32)))
            (import "env" "m" (memory 1 2))
            (global (export "g") (mut i64) (i64.const 0))
            (export "f" (func 0))
            """);
        Assert.Equal(["env.f (func (param i32))", "env.m (memory 1 2)"], module.Imports.Select(import => $"{import.Module}.{import.Name} {import.Type}"));
        Assert.Equal(["g (global (mut i64))", "f (func (param i32))"], module.Exports.Select(export => $"{export.Name} {export.Type}"));
    }
}
