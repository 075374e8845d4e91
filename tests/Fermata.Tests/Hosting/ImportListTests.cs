namespace Fermata.Tests.Hosting;

/// <summary>Instances that are made without a linker.</summary>
public sealed class ImportListTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void ImportsAreTakenInTheOrderOfTheModule()
    {
        var (store, engine) = (_guest.Store, _guest.Engine);
        var module = Module.Parse(engine, """
            (import "a" "f" (func $f (param i32) (result i32)))
            (import "a" "f" (func $g (param i32) (result i32)))
            (import "a" "m" (memory 1)) (import "a" "t" (table 1 funcref)) (import "a" "g" (global i32)) (import "a" "e" (tag (param externref)))
            (func (export "h") (result i32) (call $f (call $g (global.get 0))))
            """);
        var memory = new Memory(store, new MemoryType(new Limits(1, null)));
        var table = new Table(store, new TableType(ValType.FuncRef, new Limits(1, null)));
        var global = new Global(store, new GlobalType(ValType.I32, false), 5);
        var instance = module.Instantiate(
            store, (int a) => a * 10, Function.Create(store, (int a) => a + 1), memory, table, global, store.HostExceptionTag);
        Assert.Equal(60, instance.GetFunction<Func<int>>("h")());
    }

    [Fact]
    public void AModuleWithoutImportsNeedsNone() =>
        Assert.Equal(1, Module.Parse(_guest.Engine, """(func (export "f") (result i32) (i32.const 1))""")
            .Instantiate(_guest.Store).GetFunction<Func<int>>("f")());

    [Fact]
    public void WhatDoesNotFitIsALinkError()
    {
        var module = Module.Parse(_guest.Engine, """(import "a" "f" (func)) (import "a" "g" (func))""");
        var error = Assert.Throws<LinkException>(() => module.Instantiate(_guest.Store, (int a) => a, _guest.Store.HostExceptionTag));
        Assert.Equal(["f", "g"], error.Problems.Select(problem => problem.FieldName));
    }

    [Fact]
    public void WrongListsAreRefused()
    {
        var module = Module.Parse(_guest.Engine, """(import "a" "f" (func))""");
        AssertRefused("Imports of the module: 1, given: 0.", () => module.Instantiate(_guest.Store));
        AssertRefused("Imports of the module: 1, given: 2.", () => module.Instantiate(_guest.Store, () => { }, () => { }));
        AssertRefused("Import 1 is System.Int32, and not a delegate, function, memory, table, global or tag.", () => module.Instantiate(_guest.Store, 1));
        AssertRefused("Import 1 is null, and not a delegate, function, memory, table, global or tag.", () => module.Instantiate(_guest.Store, [null!]));
        using var other = new Guest();
        AssertRefused("The store belongs to another engine than the module.", () => module.Instantiate(other.Store, () => { }));
    }

    private static void AssertRefused(string message, Func<object> instantiate) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(instantiate).Message, StringComparison.Ordinal);
}
