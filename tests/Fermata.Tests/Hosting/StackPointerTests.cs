namespace Fermata.Tests.Hosting;

/// <summary>Where the pointer to the C stack is found, by names or because the options say it.</summary>
public sealed class StackPointerTests : IDisposable
{
    private readonly List<Guest> _guests = [];

    public static TheoryData<StackPointer, int> Told() => new()
    {
        { "mine", 1 },
        { "named", 2 },
        { "imported", 0 },
        { "getter", 3 },
        { StackPointer.Named("mine"), 1 },
        { StackPointer.Global(0), 0 },
        { StackPointer.Global(3), 3 },
    };

    public void Dispose() => _guests.ForEach(guest => guest.Dispose());

    [Theory]
    [InlineData("""(global i32 (i32.const 0)) (global (export "__stack_pointer") (mut i32) (i32.const 0))""", 1, StackPointerSource.Export)]
    [InlineData("""(global i32 (i32.const 0)) (global $__stack_pointer (mut i64) (i64.const 0))""", 1, StackPointerSource.NameSection)]
    [InlineData("""(import "env" "__stack_pointer" (global (mut i32)))""", 0, StackPointerSource.Import)]
    [InlineData("""(global (export "__stack_pointer") i32 (i32.const 0))""", null)]
    [InlineData("""(global (export "__stack_pointer") (mut f32) (f32.const 0))""", null)]
    [InlineData("""
        (global i32 (i32.const 0)) (global (mut i32) (i32.const 0))
        (func (export "emscripten_stack_get_current") (result i32) (global.get 1))
        """, 1, StackPointerSource.Accessor)]
    [InlineData("""(global (mut i32) (i32.const 0)) (func (export "stackSave") (result i32) (global.get 0))""", 0, StackPointerSource.Accessor)]
    [InlineData("""(global i32 (i32.const 0)) (func (export "stackSave") (result i32) (global.get 0))""", null)]
    [InlineData("""(global (mut i32) (i32.const 0)) (func (export "stackSave") (result i32) (i32.add (global.get 0) (i32.const 1)))""", null)]
    [InlineData("""(global (mut i32) (i32.const 0)) (func (export "_emscripten_stack_restore") (param i32) (global.set 0 (local.get 0)))""", 0, StackPointerSource.Accessor)]
    [InlineData("""(global (mut i32) (i32.const 0)) (func (export "stackRestore") (param i32) (global.set 0 (i32.const 5)))""", null)]
    [InlineData("""(import "env" "wait" (func (result i32))) (global (mut i32) (i32.const 0)) (export "stackSave" (func 0))""", null)]
    public void ItIsFoundByTheNamesOfToolchains(string fields, int? index, StackPointerSource source = default)
    {
        var found = Instantiate(fields + "(memory 1)").ShadowStack;
        Assert.Equal((index, source), (found?.GlobalIndex, found?.Source ?? default));
    }

    [Theory]
    [MemberData(nameof(Told), DisableDiscoveryEnumeration = true)]
    public void WhatTheOptionsSayComesFirst(StackPointer told, int index)
    {
        var instance = Instantiate(
            """
            (import "env" "imported" (global (mut i32)))
            (memory 1)
            (global (export "mine") (mut i32) (i32.const 0))
            (global $named (mut i32) (i32.const 0))
            (global (mut i64) (i64.const 0))
            (global $__stack_pointer (mut i32) (i32.const 0))
            (func (export "getter") (result i64) (global.get 3))
            """,
            new StoreOptions { StackPointer = _ => told });
        Assert.Equal((index, StackPointerSource.Options), (instance.ShadowStack?.GlobalIndex, instance.ShadowStack?.Source));
    }

    [Fact]
    public void TheOptionsAreAskedForEachModule()
    {
        var guest = new Guest(new StoreOptions { StackPointer = module => module.Name switch { "other" => "mine", "none" => StackPointer.None, _ => null } });
        _guests.Add(guest);
        const string globals = """(memory 1) (global $__stack_pointer (mut i32) (i32.const 16)) (global (export "mine") (mut i32) (i32.const 16))""";
        Assert.Equal(1, guest.Instantiate($"(module $other {globals})").ShadowStack?.GlobalIndex);
        Assert.Equal(0, guest.Instantiate($"(module {globals})").ShadowStack?.GlobalIndex);
        Assert.Null(guest.Instantiate($"(module $none {globals})").ShadowStack);
    }

    [Theory]
    [InlineData("mine", "", "\"mine\" points to the C stack of the module, but the module has no memory for a C stack. Its mutable globals of type i32 or i64 are: none.")]
    [InlineData("mine", """
        (memory 1) (global $__stack_pointer (mut i32) (i32.const 16)) (global $mine i32 (i32.const 16)) (global (mut i64) (i64.const 16))
        (func (export "mine") (result i32) (i32.add (global.get 0) (i32.const 16)))
        """, "\"mine\" points to the C stack of the module, but there is no such global, exported, imported or in the name section, and no exported function of " +
             "that name that only returns one. Its mutable globals of type i32 or i64 are: 0 \"__stack_pointer\", 2.")]
    [InlineData(0, """(memory 1) (global (mut f32) (f32.const 0))""",
        "global 0 points to the C stack of the module, but there is no such global. Its mutable globals of type i32 or i64 are: none.")]
    [InlineData(1, """(memory 1) (global (mut i32) (i32.const 0))""",
        "global 1 points to the C stack of the module, but there is no such global. Its mutable globals of type i32 or i64 are: 0.")]
    public void WhereItIsNotAsTheOptionsSayTheModuleIsRefusedBeforeAnythingIsMade(object told, string fields, string message)
    {
        var pointer = told is int index ? StackPointer.Global(index) : (string)told;
        var options = new StoreOptions { StackPointer = _ => pointer, Limiter = new StoreLimits { MaxInstances = 1 } };
        var guest = new Guest(options);
        _guests.Add(guest);
        var failure = Assert.Throws<InvalidOperationException>(() => guest.Instantiate(fields));
        Assert.Equal("StoreOptions.StackPointer says that " + message, failure.Message);
        Assert.Throws<InvalidOperationException>(() => guest.Instantiate(fields));
    }

    [Fact]
    public void AnIndexIsNotNegative() => Assert.Throws<ArgumentOutOfRangeException>(() => StackPointer.Global(-1));

    [Theory]
    [InlineData("mine")]
    [InlineData("getter")]
    [InlineData(null)]
    public async Task TheStackThatTheOptionsNameIsKeptIntact(string? name)
    {
        var pointer = name ?? StackPointer.Global(0);
        var gate = new TaskCompletionSource();
        var guest = new Guest(new StoreOptions { StackPointer = _ => pointer, ShadowStack = ShadowStackPolicy.Copy });
        _guests.Add(guest);
        guest.Linker.Define("env", "wait", () => gate.Task);
        var instance = guest.Instantiate("""
            (import "env" "wait" (func $wait))
            (memory 1)
            (global $sp (export "mine") (mut i32) (i32.const 4096))
            (func (export "getter") (result i32) (global.get $sp))
            (func (export "run") (param i32) (result i32)
              (global.set $sp (i32.sub (global.get $sp) (i32.const 16)))
              (i32.store (global.get $sp) (local.get 0))
              (call $wait)
              (i32.load (global.get $sp))
              (global.set $sp (i32.add (global.get $sp) (i32.const 16))))
            """);
        var calls = Enumerable.Range(1, 3).Select(instance.GetFunction<Func<int, Task<int>>>("run")).ToArray();
        gate.SetResult();
        var found = await Task.WhenAll(calls);
        Assert.Equal([1, 2, 3], found);
    }

    [Theory]
    [InlineData("""(global (export "__stack_pointer") (mut i32) (i32.const 8192))""", "__stack_pointer", null, 8192)]
    [InlineData("""(global (export "__stack_pointer") (mut i32) (i32.const 8192)) (global (export "__stack_low") i32 (i32.const 1024))""", "__stack_pointer", 1024, 8192)]
    [InlineData("""
        (global $__stack_pointer (mut i64) (i64.const 8192))
        (global (export "__data_end") i64 (i64.const 4096)) (global (export "__heap_base") i64 (i64.const 8192))
        """, "__stack_pointer", 4096, 8192)]
    [InlineData("""(import "env" "__stack_pointer" (global (mut i32)))""", "__stack_pointer", null, null)]
    [InlineData("""(global (mut i32) (i32.const 8192)) (func (export "stackSave") (result i32) (global.get 0)) (func $start (global.set 0 (i32.const 1))) (start $start)""", null, null, 8192)]
    public void WhatIsKnownOfItIsTold(string fields, string? name, int? lowest, int? top)
    {
        var stack = Instantiate(fields + "(memory 1)", new StoreOptions { ShadowStack = ShadowStackPolicy.None }).ShadowStack!;
        Assert.Equal((name, (ulong?)lowest, (ulong?)top, ShadowStackPolicy.None), (stack.GlobalName, stack.LowestAddress, stack.Top, stack.Policy));
    }

    private Instance Instantiate(string fields, StoreOptions? options = null)
    {
        var guest = new Guest(options);
        _guests.Add(guest);
        foreach (var name in new[] { "__stack_pointer", "imported" })
            guest.Linker.Define("env", name, new Global(guest.Store, new GlobalType(ValType.I32, true), 0));
        guest.Linker.Define("env", "wait", () => 0);
        return guest.Instantiate(fields);
    }
}
