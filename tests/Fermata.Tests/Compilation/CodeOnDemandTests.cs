using System.Globalization;

namespace Fermata.Tests.Compilation;

/// <summary>The code of a function is made when it is first needed, wherever that is.</summary>
public sealed class CodeOnDemandTests
{
    private const int ChainLength = 2_000;

    [Fact]
    public void WhatIsNotReachedIsNotMade()
    {
        using var store = new Store(new Engine(new EngineOptions { InlinedBytes = 0 }));
        var module = Module.Parse(store.Engine, """
            (func $called (result i32) (i32.const 1))
            (func $notCalled (result i32) (call $unreached))
            (func $unreached (result i32) (i32.const 2))
            (table funcref (elem $notCalled))
            (func (export "f") (result i32) (call $called))
            (func (export "g") (result i32) (call_indirect (result i32) (i32.const 0)))
            """);
        var instance = new Linker(store.Engine).Instantiate(store, module);
        Assert.Empty(Made(module));

        Assert.Equal(1, instance.GetFunction<Func<int>>("f")());
        Assert.Equal([0, 3], Made(module));

        Assert.Equal(2, instance.GetFunction<Func<int>>("g")());
        Assert.Equal([0, 1, 2, 3, 4], Made(module));
    }

    [Fact]
    public void AFunctionKeepsItsIdentityWhenItsCodeIsMade()
    {
        using var store = new Store(new Engine());
        var instance = new Linker(store.Engine).Instantiate(store, Module.Parse(store.Engine, """
            (type $t (func (param i32 i64 f32 f64 externref) (result i32 externref)))
            (func $f (export "f") (type $t) (i32.add (local.get 0) (i32.wrap_i64 (local.get 1))) (local.get 4))
            (table (export "table") funcref (elem $f))
            (func (export "call") (param i32 i64 f32 f64 externref) (result i32 externref)
              (call_indirect (type $t) (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (i32.const 0)))
            """));
        var before = instance.GetTable("table").Get(0);
        var call = instance.GetFunction<Func<int, long, float, double, object, (int, object)>>("call");

        Assert.Equal((5, "x"), call(2, 3, 0, 0, "x"));
        Assert.Equal((7, "y"), call(3, 4, 0, 0, "y"));
        Assert.Same(before, instance.GetTable("table").Get(0));
        Assert.Same(before, instance.GetFunction("f"));
    }

    [Theory]
    [InlineData(256 * 1024)]
    [InlineData(16 * 1024 * 1024)]
    public void EachFunctionOfADeepRecursionIsMadeWhereTheStackHasNoRoomForThat(int stackBytes)
    {
        var module = Module.Parse(new Engine(), Chain());
        Assert.Equal(ChainLength, OnThread(stackBytes, () => Call(module, 0)));
    }

    [Fact]
    public void ManyThreadsNeedTheSameFunctions()
    {
        var module = Module.Parse(new Engine(), Chain());
        using var start = new Barrier(8);
        var results = new int[8];
        var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            start.SignalAndWait();

            // From the end of the chain, and from its middle.
            results[i] = Call(module, ChainLength / 8 * i);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(Enumerable.Range(0, 8).Select(i => ChainLength - (ChainLength / 8 * i)), results);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CodeIsCollectibleUnlessItIsWantedOtherwise(bool isCollectible)
    {
        using var store = new Store(new Engine(new EngineOptions { IsCollectible = isCollectible }));
        var linker = new Linker(store.Engine);
        linker.Define("env", "wait", async (int value) =>
        {
            await Task.Yield();
            return value;
        });
        var instance = linker.Instantiate(store, Module.Parse(store.Engine, """
            (import "env" "wait" (func $wait (param i32) (result i32)))
            (type $point (struct (field $x i32) (field $y i32)))
            (type $points (array (ref $point)))
            (func $sum (param $i i32) (param $points (ref $points)) (result i32)
              (if (result i32) (i32.eqz (local.get $i))
                (then (i32.const 0))
                (else
                  (i32.add
                    (call $wait (struct.get $point $x (array.get $points (local.get $points) (i32.sub (local.get $i) (i32.const 1)))))
                    (call $sum (i32.sub (local.get $i) (i32.const 1)) (local.get $points))))))
            (func (export "sum") (param $n i32) (result i32)
              (call $sum (local.get $n) (array.new $points (struct.new $point (i32.const 3) (i32.const 4)) (local.get $n))))
            """));

        // More often than .NET calls code before it compiles it anew.
        for (var i = 0; i < 50; i++)
            Assert.Equal(3 * i, await instance.GetFunction<Func<int, Task<int>>>("sum")(i));
        Assert.Equal(isCollectible, instance.GetType().Assembly.IsCollectible);
    }

    internal static int[] Made(Module module) =>
        [.. Enumerable.Range(0, module.Definition.Functions.Count).Where(function => module.Code.Sites(function) is not null)];

    /// <summary>Functions of which each calls the next one, after which it does something: so they are not inlined, nor are the calls tail calls.</summary>
    private static string Chain() => string.Concat(Enumerable.Range(0, ChainLength).Select(i => string.Create(
        CultureInfo.InvariantCulture,
        $"(func $f{i} (export \"f{i}\") (result i32) (i32.add (i32.const 1) {(i + 1 < ChainLength ? $"(call $f{i + 1})" : "(i32.const 0)")}))\n")));

    private static int Call(Module module, int function)
    {
        using var store = new Store(module.Engine);
        return new Linker(module.Engine).Instantiate(store, module).GetFunction<Func<int>>($"f{function}")();
    }

    private static int OnThread(int stackBytes, Func<int> call)
    {
        var result = 0;
        var thread = new Thread(() => result = call(), stackBytes);
        thread.Start();
        thread.Join();
        return result;
    }
}
