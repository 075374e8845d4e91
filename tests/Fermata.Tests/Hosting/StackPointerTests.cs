using Fermata.Runtime;

namespace Fermata.Tests.Hosting;

/// <summary>Where the pointer to the C stack is found.</summary>
public sealed class StackPointerTests
{
    [Theory]
    [InlineData("""(global i32 (i32.const 0)) (global (export "__stack_pointer") (mut i32) (i32.const 0))""", 1)]
    [InlineData("""(global i32 (i32.const 0)) (global $__stack_pointer (mut i64) (i64.const 0))""", 1)]
    [InlineData("""(import "env" "__stack_pointer" (global (mut i32)))""", 0)]
    [InlineData("""(global (export "__stack_pointer") i32 (i32.const 0))""", null)]
    [InlineData("""(global (export "__stack_pointer") (mut f32) (f32.const 0))""", null)]
    [InlineData("""
        (global i32 (i32.const 0)) (global (mut i32) (i32.const 0))
        (func (export "emscripten_stack_get_current") (result i32) (global.get 1))
        """, 1)]
    [InlineData("""(global (mut i32) (i32.const 0)) (func (export "stackSave") (result i32) (global.get 0))""", 0)]
    [InlineData("""(global i32 (i32.const 0)) (func (export "stackSave") (result i32) (global.get 0))""", null)]
    [InlineData("""(global (mut i32) (i32.const 0)) (func (export "stackSave") (result i32) (i32.add (global.get 0) (i32.const 1)))""", null)]
    [InlineData("""(global (mut i32) (i32.const 0)) (func (export "_emscripten_stack_restore") (param i32) (global.set 0 (local.get 0)))""", 0)]
    [InlineData("""(global (mut i32) (i32.const 0)) (func (export "stackRestore") (param i32) (global.set 0 (i32.const 5)))""", null)]
    [InlineData("""(import "env" "f" (func (result i32))) (global (mut i32) (i32.const 0)) (export "stackSave" (func 0))""", null)]
    public void ItIsFoundByTheNamesOfToolchains(string fields, int? index) =>
        Assert.Equal(index, Module.Parse(new Engine(), fields).StackPointerIndex);

    [Theory]
    [InlineData("""(global $__stack_pointer (mut i32) (i32.const 1)) (global (export "mine") (mut i32) (i32.const 2))""", 2)]
    [InlineData("""(global $__stack_pointer (mut i32) (i32.const 1)) (global $mine (mut i32) (i32.const 2))""", 2)]
    [InlineData("""(global $__stack_pointer (mut i32) (i32.const 1)) (global $mine i32 (i32.const 2))""", 1)]
    [InlineData("""(global $__stack_pointer (mut i32) (i32.const 1))""", 1)]
    public void TheNameThatIsGivenComesFirst(string fields, int value)
    {
        using var guest = new Guest();
        var instance = guest.Instantiate("(memory 1)" + fields);
        Assert.Equal(value, StackPointer.Find(instance, "mine")?.Value.AsI32());
    }

    [Fact]
    public async Task TheNamedStackIsKeptIntact()
    {
        using var guest = new Guest(new StoreOptions { StackPointer = "mine", ShadowStack = ShadowStackPolicy.Copy });
        var gate = new TaskCompletionSource();
        guest.Linker.Define("env", "wait", () => gate.Task);
        var run = guest.Instantiate("""
            (import "env" "wait" (func $wait))
            (memory 1)
            (global $sp (export "mine") (mut i32) (i32.const 4096))
            (func (export "run") (param i32) (result i32)
              (global.set $sp (i32.sub (global.get $sp) (i32.const 16)))
              (i32.store (global.get $sp) (local.get 0))
              (call $wait)
              (i32.load (global.get $sp))
              (global.set $sp (i32.add (global.get $sp) (i32.const 16))))
            """).GetFunction<Func<int, Task<int>>>("run");
        var calls = Enumerable.Range(1, 3).Select(run).ToArray();
        gate.SetResult();
        var results = await Task.WhenAll(calls);
        Assert.Equal([1, 2, 3], results);
    }
}
