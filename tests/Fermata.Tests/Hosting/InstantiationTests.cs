namespace Fermata.Tests.Hosting;

public sealed class InstantiationTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void TheStartFunctionRuns()
    {
        var started = 0;
        _guest.Linker.Define("env", "f", () => { started++; });
        _guest.Instantiate("""(import "env" "f" (func $f)) (start $f)""");
        Assert.Equal(1, started);
    }

    [Fact]
    public void AStartFunctionThatWantsToWaitIsRefused()
    {
        _guest.Linker.Define("env", "f", () => Task.CompletedTask);
        Assert.Throws<SuspendException>(() => _guest.Instantiate("""(import "env" "f" (func $f)) (start $f)"""));
    }

    [Fact]
    public void ConstantExpressionsAreEvaluated()
    {
        _guest.Linker.Define("env", "base", new Global(_guest.Store, new GlobalType(ValType.I32, false), 40));
        var instance = _guest.Instantiate("""
            (import "env" "base" (global $base i32))
            (global (export "a") i32 (i32.add (global.get $base) (i32.mul (i32.const -1) (i32.const -2))))
            (global (export "b") i64 (i64.sub (i64.const 0) (i64.const 1)))
            (global $c (export "c") f32 (f32.const nan:0x200000))
            (global (export "d") f32 (global.get $c))
            (global (export "e") f64 (f64.const -0.5))
            (global (export "f") externref (ref.null extern))
            (global (export "g") funcref (ref.func $g))
            (func $g (export "h"))
            """);
        Assert.Equal(42, instance.GetGlobal("a").Value.AsI32());
        Assert.Equal(-1L, instance.GetGlobal("b").Value.AsI64());
        Assert.Equal("f32:nan:0x200000", instance.GetGlobal("d").Value.ToString());
        Assert.Equal(-0.5, instance.GetGlobal("e").Value.AsF64());
        Assert.Null(instance.GetGlobal("f").Value.AsRef());
        Assert.Same(instance.GetFunction("h"), instance.GetGlobal("g").Value.AsRef());
    }

    [Fact]
    public void SegmentsFillTablesAndMemories()
    {
        var instance = _guest.Instantiate("""
            (table (export "t") 4 funcref)
            (memory (export "m") 1)
            (elem (i32.const 1) func $f $f)
            (elem (table 0) (i32.const 3) funcref (ref.null func))
            (data (i32.const 10) "abc")
            (func $f (export "f"))
            """);
        var table = instance.GetTable("t");
        var function = instance.GetFunction("f");
        Assert.Equal([null, function, function, null], Enumerable.Range(0, 4).Select(table.Get));
        Assert.Equal("abc", instance.GetMemory("m").ReadUtf8(10));
    }

    [Fact]
    public void ATableMayHaveAnInitialElement()
    {
        var instance = _guest.Instantiate("""(table (export "t") 2 (ref func) (ref.func $f)) (func $f (export "f"))""");
        Assert.Same(instance.GetFunction("f"), instance.GetTable("t").Get(1));
    }

    [Fact]
    public void WhatWasWrittenBeforeATrapStays()
    {
        var memory = new Memory(_guest.Store, new MemoryType(new Limits(1, 1)));
        _guest.Linker.Define("env", "m", memory);
        var trap = Assert.ThrowsAny<TrapException>(() => _guest.Instantiate("""
            (import "env" "m" (memory 1))
            (data (i32.const 0) "written")
            (data (i32.const 65535) "no room")
            (data (i32.const 100) "never")
            """));
        Assert.Equal(TrapKind.OutOfBoundsMemoryAccess, trap.Kind);
        Assert.Equal("written", memory.ReadUtf8(0));
        Assert.Equal("", memory.ReadUtf8(100));
    }

    [Fact]
    public void AnElementSegmentThatDoesNotFitTraps()
    {
        var trap = Assert.ThrowsAny<TrapException>(() => _guest.Instantiate("""(table 1 funcref) (elem (i32.const 1) func $f) (func $f)"""));
        Assert.StartsWith("out of bounds table access", trap.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADisposedStoreTakesNoInstances()
    {
        _guest.Store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _guest.Instantiate("(module)"));
    }

    [Fact]
    public void AModuleCanHaveManyInstances()
    {
        var module = Module.Parse(_guest.Engine, """
            (global $n (mut i32) (i32.const 0))
            (func (export "next") (result i32)
              (global.set $n (i32.add (global.get $n) (i32.const 1)))
              (global.get $n))
            """);
        var first = _guest.Linker.Instantiate(_guest.Store, module).GetFunction<Func<int>>("next");
        var second = _guest.Linker.Instantiate(_guest.Store, module).GetFunction<Func<int>>("next");
        Assert.Equal([1, 2, 1, 3], new[] { first(), first(), second(), first() });
    }
}
