namespace Fermata.Tests.Hosting;

/// <summary>Modules without names, in which the C stack is found by what functions do with its pointer, and modules that only look like that.</summary>
public sealed class StackFramesTests : IDisposable
{
    private const string Memory = "(memory 1)";
    private const string Pointer = "(global (mut i32) (i32.const 8192))";

    private const string Frame = """
        (func (param i32) (result i32)
          (local i32)
          (global.set 0 (local.tee 1 (i32.sub (global.get 0) (i32.const 32))))
          (i32.store (local.get 1) (local.get 0))
          (i32.load (local.get 1))
          (global.set 0 (i32.add (local.get 1) (i32.const 32))))
        """;

    private const string Get = """(func (export "Oa") (result i32) (global.get 0))""";
    private const string Set = """(func (export "Na") (param i32) (global.set 0 (local.get 0)))""";

    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(Memory + Pointer + Frame)]
    [InlineData(Memory + Pointer + """
        (func (local i32) (global.set 0 (local.tee 0 (i32.add (global.get 0) (i32.const -64)))) (global.set 0 (i32.sub (local.get 0) (i32.const -64))))
        """)]
    [InlineData("""
        (memory i64 1) (global (mut i64) (i64.const 65536))
        (func (local i64) (global.set 0 (local.tee 0 (i64.sub (global.get 0) (i64.const 16)))) (global.set 0 (i64.add (local.get 0) (i64.const 16))))
        """)]
    [InlineData("""(import "env" "m" (memory 1)) """ + Pointer + Frame)]
    [InlineData("""(import "env" "g" (global (mut i32)))""" + Memory + Frame)]
    [InlineData(Memory + Pointer + "(global (mut i32) (i32.const 1024)) (global (mut i64) (i64.const 16)) (global i32 (i32.const 16))" + Frame + """
        (func (global.set 1 (i32.add (global.get 1) (i32.const 16))))
        """)]
    [InlineData(Memory + Pointer + Frame + """
        (func (export "Oa") (result i32) (global.get 0))
        (func (export "Ma") (param i32) (global.set 0 (local.get 0)))
        (func (export "Na") (param i32) (result i32)
          (global.set 0 (local.tee 0 (i32.and (i32.sub (global.get 0) (local.get 0)) (i32.const -16)))) (local.get 0))
        (func (local i32) (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 16)))) (unreachable))
        """)]
    public void ItIsTheGlobalFromWhichFunctionsTakeFrames(string fields)
    {
        _guest.Linker.Define("env", "m", new Memory(_guest.Store, new MemoryType(new Limits(1, null))));
        _guest.Linker.Define("env", "g", new Global(_guest.Store, new GlobalType(ValType.I32, true), 0));
        var found = _guest.Instantiate(fields).ShadowStack;
        Assert.Equal((0, StackPointerSource.Frames), (found?.GlobalIndex, found?.Source));
    }

    [Theory]
    [InlineData(Memory + Pointer + Get + Set)]
    [InlineData(Memory + Pointer + "(global (mut i64) (i64.const 16)) (global i32 (i32.const 16))" + Get + Set)]
    [InlineData(Memory + Pointer + Get + Set + """
        (func (export "Ma") (param i32) (result i32)
          (global.set 0 (local.tee 0 (i32.and (i32.sub (global.get 0) (local.get 0)) (i32.const -16)))) (local.get 0))
        """)]
    [InlineData("""
        (memory i64 1) (global (mut i64) (i64.const 65536))
        (func (export "Oa") (result i64) (global.get 0)) (func (export "Na") (param i64) (global.set 0 (local.get 0)))
        (func (export "Ma") (param i64) (result i64) (local i64)
          (global.set 0 (local.tee 1 (i64.and (i64.sub (global.get 0) (local.get 0)) (i64.const -16)))) (local.get 1))
        """)]
    public void WithoutFramesItIsTheOnlyGlobalThatTheHostReadsAndWrites(string fields)
    {
        var found = _guest.Instantiate(fields).ShadowStack;
        Assert.Equal((0, StackPointerSource.Accessor), (found?.GlobalIndex, found?.Source));
    }

    [Theory]

    // Counters with functions to read and write them, a heap that grows, and one that is written by another function.
    [InlineData(Memory + "(global (mut i32) (i32.const 0))" + Get + Set)]
    [InlineData(Memory + Pointer + Get + Set + "(func (global.set 0 (i32.add (global.get 0) (i32.const 1))))")]
    [InlineData(Memory + Pointer + Get + Set + "(func (local i32) (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 16)))))")]
    [InlineData(Memory + Pointer + Get + Set + """
        (func (param i32) (result i32) (global.set 0 (local.tee 0 (i32.and (i32.add (global.get 0) (local.get 0)) (i32.const -16)))) (local.get 0))
        """)]
    [InlineData(Memory + Pointer + Get + Set + """
        (func (param i32) (result i32) (global.set 0 (local.tee 0 (i32.and (i32.sub (global.get 0) (local.get 0)) (i32.const -4)))) (local.get 0))
        """)]
    [InlineData(Memory + Pointer + Get + Set + "(func (param i32) (global.set 0 (local.get 0)))")]

    // One of the two is missing, does more, is not exported or about another global; and there is another mutable global.
    [InlineData(Memory + Pointer + Get)]
    [InlineData(Memory + Pointer + Set)]
    [InlineData(Memory + Pointer + Get + """(func (export "Ma") (param i32) (global.set 0 (local.get 0)) (nop))""")]
    [InlineData(Memory + Pointer + Get + """(func (export "Ma") (param i32 i32) (global.set 0 (local.get 1)))""")]
    [InlineData(Memory + Pointer + Set + "(func (result i32) (global.get 0))")]
    [InlineData(Memory + Pointer + "(global (mut i32) (i32.const 16))" + Get + Set)]
    [InlineData("""(import "env" "g" (global (mut i32)))""" + Memory + Get + Set)]
    [InlineData(Memory + "(global (mut i32) (i32.const 0))" + Frame)]
    [InlineData(Memory + Pointer + Frame + "(func (global.set 0 (i32.add (global.get 0) (i32.const 16))))")]
    [InlineData(Memory + Pointer + Frame + "(func (local i32) (global.set 0 (local.tee 0 (i32.add (global.get 0) (i32.const 16)))))")]
    [InlineData(Memory + Pointer + Frame + "(func (local i32) (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 1)))))")]

    // A heap that grows down, and memory is never given back.
    [InlineData(Memory + Pointer + "(func (result i32) (local i32) (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 32)))) (local.get 0))")]

    // Taken in one function and given back in another, of another size, or from another local.
    [InlineData(Memory + Pointer + """
        (func (local i32) (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 32)))))
        (func (local i32) (global.set 0 (i32.add (local.get 0) (i32.const 32))))
        """)]
    [InlineData(Memory + Pointer + """
        (func (local i32) (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 32)))) (global.set 0 (i32.add (local.get 0) (i32.const 16))))
        """)]
    [InlineData(Memory + Pointer + """
        (func (local i32 i32) (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 32)))) (global.set 0 (i32.add (local.get 1) (i32.const 32))))
        """)]
    [InlineData(Memory + Pointer + """
        (func (local i32) (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 4)))) (global.set 0 (i32.add (local.get 0) (i32.const 4))))
        """)]

    // No memory, a start outside of it or not aligned, another type than its addresses.
    [InlineData(Pointer + "(func (local i32) (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 32)))) (global.set 0 (i32.add (local.get 0) (i32.const 32))))")]
    [InlineData(Memory + "(global (mut i32) (i32.const 65552))" + Frame)]
    [InlineData(Memory + "(global (mut i32) (i32.const -16))" + Frame)]
    [InlineData(Memory + "(global (mut i32) (i32.const 8200))" + Frame)]
    [InlineData(Memory + "(global (mut i32) (i32.add (i32.const 4096) (i32.const 4096)))" + Frame)]
    [InlineData("(memory i64 1)" + Pointer + "(func (local i32) (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 32)))) (global.set 0 (i32.add (local.get 0) (i32.const 32))))")]

    // Two of them.
    [InlineData(Memory + Pointer + Pointer + Frame + """
        (func (local i32) (global.set 1 (local.tee 0 (i32.sub (global.get 1) (i32.const 32)))) (global.set 1 (i32.add (local.get 0) (i32.const 32))))
        """)]
    public void WhatOnlyLooksLikeItIsLeftAlone(string fields)
    {
        _guest.Linker.Define("env", "g", new Global(_guest.Store, new GlobalType(ValType.I32, true), 8192));
        Assert.Null(_guest.Instantiate(fields).ShadowStack);
    }

    [Fact]
    public async Task ACounterKeepsWhatPromisingCallsMakeOfIt()
    {
        var gate = new TaskCompletionSource();
        _guest.Linker.Define("env", "wait", () => gate.Task);
        var instance = _guest.Instantiate("""
            (import "env" "wait" (func $wait))
            (memory 1)
            (global $left (mut i32) (i32.const 4096))
            (func (export "get") (result i32) (global.get $left))
            (func (export "set") (param i32) (global.set $left (local.get 0)))
            (func (export "take") (result i32)
              (local $old i32)
              (global.set $left (local.tee $old (i32.sub (global.get $left) (i32.const 16))))
              (call $wait)
              (local.get $old))
            """);
        var take = instance.GetFunction<Func<Task<int>>>("take");
        var (first, second) = (take(), take());
        gate.SetResult();
        Assert.Equal((4080, 4064, 4064), (await first, await second, instance.GetFunction<Func<int>>("get")()));
    }
}
