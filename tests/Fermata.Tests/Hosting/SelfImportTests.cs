namespace Fermata.Tests.Hosting;

/// <summary>Modules that import functions which they export themselves.</summary>
public sealed class SelfImportTests : IDisposable
{
    private readonly Guest _guest = new();

    public SelfImportTests() => _guest.Linker.DefineSelf("env");

    public void Dispose() => _guest.Dispose();

    [Fact]
    public async Task AnImportIsTheFunctionThatTheInstanceExports()
    {
        var gate = new TaskCompletionSource<int>();
        _guest.Linker.Define("env", "wait", () => gate.Task);
        var module = Module.Parse(_guest.Engine, """
            (import "env" "wait" (func $wait (result i32)))
            (import "env" "add" (func $add (param i32) (result i32)))
            (global $sum (mut i32) (i32.const 0))
            (func (export "add") (param i32) (result i32)
              (global.set $sum (i32.add (global.get $sum) (local.get 0)))
              (i32.add (global.get $sum) (call $wait)))
            (func (export "twice") (param i32) (result i32)
              (drop (call $add (local.get 0))) (call $add (local.get 0)))
            """);
        var first = _guest.Linker.Instantiate(_guest.Store, module).GetFunction<Func<int, Task<int>>>("twice");
        var second = _guest.Linker.Instantiate(_guest.Store, module).GetFunction<Func<int, Task<int>>>("twice");
        var calls = new[] { first(10), second(100) };
        Assert.All(calls, call => Assert.False(call.IsCompleted));
        gate.SetResult(1);
        Assert.Equal<int[]>([21, 201], await Task.WhenAll(calls));
    }

    [Fact]
    public void TheStartFunctionCanCallIt()
    {
        var instance = _guest.Instantiate("""
            (import "env" "set" (func $set (param i32)))
            (global (export "value") (mut i32) (i32.const 0))
            (func (export "set") (param i32) (global.set 0 (local.get 0)))
            (func $start (call $set (i32.const 7)))
            (start $start)
            """);
        Assert.Equal(7, instance.GetGlobal("value").Value.AsI32());
    }

    [Fact]
    public void ItIsTheSameFunctionAsTheExport()
    {
        var instance = _guest.Instantiate("""
            (import "env" "f" (func $f))
            (table (export "table") 1 funcref)
            (global (export "global") funcref (ref.func $f))
            (elem (i32.const 0) func $f)
            (func (export "f"))
            """);
        Assert.Same(instance.GetFunction("f"), instance.GetTable("table").Get(0));
        Assert.Same(instance.GetFunction("f"), instance.GetGlobal("global").Value.AsRef());
    }

    [Fact]
    public void WhatIsDefinedComesFirst()
    {
        _guest.Linker.Define("env", "f", () => 1);
        var instance = _guest.Instantiate("""
            (import "env" "f" (func $f (result i32)))
            (func (export "f") (result i32) (i32.const 2))
            (func (export "call") (result i32) (call $f))
            """);
        Assert.Equal(1, instance.GetFunction<Func<int>>("call")());
        Assert.Equal(2, instance.GetFunction<Func<int>>("f")());
    }

    [Fact]
    public void AnExportThatIsItselfAnImportIsWhatThatIs()
    {
        _guest.Linker.Define("host", "f", () => 3);
        var instance = _guest.Instantiate("""
            (import "env" "a" (func $a (result i32)))
            (import "env" "b" (func $b (result i32)))
            (import "host" "f" (func $f (result i32)))
            (import "env" "c" (func $c (result i32)))
            (export "a" (func $b))
            (export "b" (func $f))
            (func (export "c") (result i32) (i32.const 40))
            (export "d" (func $c))
            (func (export "sum") (result i32) (i32.add (call $a) (i32.add (call $b) (call $c))))
            """);
        Assert.Equal(46, instance.GetFunction<Func<int>>("sum")());
        Assert.Equal(40, instance.GetFunction<Func<int>>("d")());
    }

    [Theory]
    [InlineData("""(import "env" "a" (func $a)) (export "a" (func $a))""")]
    [InlineData("""(import "env" "a" (func $a)) (import "env" "b" (func $b)) (export "a" (func $b)) (export "b" (func $a))""")]
    [InlineData("""(import "env" "a" (func $a)) (import "env" "none" (func $none)) (export "a" (func $none))""")]
    [InlineData("""(import "env" "a" (memory 1)) (memory (export "m") 1)""")]
    [InlineData("""(import "env" "m" (memory 1)) (memory (export "m") 1)""")]
    [InlineData("""(import "env" "m" (func)) (memory (export "m") 1)""")]
    [InlineData("""(import "other" "f" (func)) (func (export "f"))""")]
    public void WhatIsNotThereIsUnknown(string text) =>
        Assert.All(Assert.Throws<LinkException>(() => _guest.Instantiate(text)).Problems, problem => Assert.Equal("unknown import", problem.Problem));

    [Fact]
    public void TheTypeMustFit()
    {
        var error = Assert.Throws<LinkException>(() => _guest.Instantiate("""(import "env" "f" (func (param i32))) (func (export "f") (param i64))"""));
        Assert.Equal(
            """incompatible import type "env" "f": the module expects (func (param i32)), found (func (param i64))""", error.Message);
    }

    [Fact]
    public void ATrapStandsBehindWhatTheModuleHasItself()
    {
        var module = Module.Parse(_guest.Engine, """
            (import "env" "f" (func $f (result i32)))
            (import "env" "none" (func))
            (func (export "f") (result i32) (i32.const 2))
            (func (export "call") (result i32) (call $f))
            """);
        var instance = _guest.Linker.DefineUnknownImportsAsTraps(module).Instantiate(_guest.Store, module);
        Assert.Equal(2, instance.GetFunction<Func<int>>("call")());
    }

    [Fact]
    public void ManyImportsInAChainTakeTheirTimeOnce()
    {
        const int count = 20_000;
        var text = string.Join('\n', Enumerable.Range(0, count).Select(i => $"""(import "env" "f{i}" (func)) (export "f{i}" (func {i + 1}))"""));
        var instance = _guest.Instantiate(text + "(func)");
        Assert.Same(instance.GetFunction("f0"), instance.GetFunction($"f{count - 1}"));
    }
}
