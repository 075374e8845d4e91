using System.Runtime.Intrinsics;

namespace Fermata.Tests.Images;

public sealed class InstanceImageTests : IDisposable
{
    private const string Program =
        """
        (import "env" "host" (func $host (result i32)))
        (import "env" "count" (global $imported (mut i32)))
        (memory (export "memory") 1 40)
        (table $functions (export "functions") 2 20 funcref)
        (table $objects (export "objects") 1 externref)
        (global $number (export "number") (mut i64) (i64.const 1))
        (global $vector (export "vector") (mut v128) (v128.const i64x2 1 1))
        (global $function (export "function") (mut funcref) (ref.null func))
        (global $constant (export "constant") i32 (i32.const 9))
        (data $text (i32.const 16) "begin")
        (data $passive "passive")
        (elem $active (table $functions) (i32.const 0) func $one)
        (elem $left func $two)
        (elem declare func $host)
        (func $one (result i32) (i32.const 1))
        (func $two (result i32) (i32.const 2))
        (func $start (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))))
        (start $start)
        (func (export "prepare")
          (drop (memory.grow (i32.const 30)))
          (i32.store (i32.const 0x1e0000) (i32.const 77))
          (i32.store8 (i32.const 16) (i32.const 66))
          (global.set $number (i64.const -5))
          (global.set $vector (v128.const i64x2 7 8))
          (global.set $function (ref.func $host))
          (global.set $imported (i32.const 33))
          (drop (table.grow $functions (ref.func $two) (i32.const 3)))
          (table.set $functions (i32.const 1) (ref.func $host))
          (data.drop $passive))
        (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
        (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
        (func (export "call") (param i32) (result i32) (call_indirect $functions (result i32) (local.get 0)))
        (func (export "initialize") (memory.init $passive (i32.const 100) (i32.const 0) (i32.const 1)))
        (func (export "fill") (table.init $functions $left (i32.const 0) (i32.const 0) (i32.const 1)))
        """;

    private readonly Engine _engine = new();
    private readonly Module _module;
    private readonly List<Store> _stores = [];

    public InstanceImageTests() => _module = Module.Parse(_engine, Program);

    public void Dispose() => _stores.ForEach(store => store.Dispose());

    [Fact]
    public void AnInstanceBeginsWhereAnotherOneWas()
    {
        using var image = CapturePrepared();
        var (instance, count) = Begin(image, host: 4);

        Assert.Equal(31ul, instance.GetMemory("memory").PageCount);
        Assert.Equal(1, instance.GetFunction("load").Invoke(0)[0]);
        Assert.Equal(77, instance.GetFunction("load").Invoke(0x1e0000)[0]);
        Assert.Equal("Begin", instance.GetMemory("memory").ReadUtf8(16));
        Assert.Equal(-5, instance.GetGlobal("number").Get<long>());
        Assert.Equal(Vector128.Create(7L, 8L).AsByte(), instance.GetGlobal("vector").Get<Vector128<byte>>());
        Assert.Equal(9, instance.GetGlobal("constant").Get<int>());
        Assert.Equal(33, count.Get<int>());
        Assert.Equal([1, 4, 2, 2, 2], Enumerable.Range(0, 5).Select(i => instance.GetFunction("call").Invoke(i)[0].AsI32()));
        Assert.Equal(4, instance.GetGlobal("function").Get<Function>()!.Invoke()[0]);
        Assert.Equal(4, instance.GetTable("functions").GetFunction(1).Invoke()[0]);
    }

    /// <summary>Where code reads and writes memories with guard pages, and where it checks each access.</summary>
    [Theory]
    [InlineData(BoundsChecks.Automatic)]
    [InlineData(BoundsChecks.Explicit)]
    public void InstancesOfAnImageShareNothing(BoundsChecks checks)
    {
        var engine = new Engine(new EngineOptions { BoundsChecks = checks });
        var module = Module.Parse(engine, Program);
        using var image = CapturePrepared(module);
        var (first, second) = (Begin(image, host: 1).Instance, Begin(image, host: 2).Instance);
        first.GetFunction("store").Invoke(0x1e0000, 5);
        first.GetGlobal("number").Set(6L);
        first.GetTable("functions").Set(0, null);

        Assert.Equal(77, second.GetFunction("load").Invoke(0x1e0000)[0]);
        Assert.Equal(-5, second.GetGlobal("number").Get<long>());
        Assert.Equal([1, 2], Enumerable.Range(0, 2).Select(i => second.GetFunction("call").Invoke(i)[0].AsI32()));
        Assert.Equal(77, Begin(image, host: 3).Instance.GetFunction("load").Invoke(0x1e0000)[0]);
        Assert.Equal(30 * Memory.PageSize / Memory.PageSize + 1, (int)first.GetMemory("memory").PageCount);
        Assert.Equal(31, first.GetMemory("memory").Grow(1));
        Assert.Equal(0, first.GetFunction("load").Invoke(31 * Memory.PageSize)[0]);
        var trap = Assert.Throws<MemoryTrapException>(() => second.GetFunction("load").Invoke(31 * Memory.PageSize));
        Assert.Equal(TrapKind.OutOfBoundsMemoryAccess, trap.Kind);
    }

    [Fact]
    public void AnImageOutlivesTheStoreThatItWasMadeIn()
    {
        using var image = CapturePrepared();
        _stores[0].Dispose();
        var instance = Begin(image, host: 4).Instance;
        image.Dispose();
        Assert.Equal(77, instance.GetFunction("load").Invoke(0x1e0000)[0]);
        Assert.Equal(4, instance.GetFunction("call").Invoke(1)[0]);
        Assert.Throws<ObjectDisposedException>(() => Begin(image, host: 4));
    }

    [Fact]
    public void SegmentsThatWereDroppedStayDropped()
    {
        using var image = CapturePrepared();
        var instance = Begin(image, host: 4).Instance;
        Assert.Equal(TrapKind.OutOfBoundsMemoryAccess, Assert.Throws<MemoryTrapException>(() => instance.GetFunction("initialize").Invoke()).Kind);
        instance.GetFunction("fill").Invoke();
        Assert.Equal(2, instance.GetFunction("call").Invoke(0)[0]);
    }

    [Fact]
    public void ObjectsThatAreNotTheInstancesOwnAreTheHostsToKeep()
    {
        var (instance, _) = Start(_module, 4);
        instance.GetTable("objects").Set(0, "text");
        instance.GetTable("functions").Set(0, Function.Create(instance.Store, () => 6));
        var missing = Assert.Throws<NotSupportedException>(() => InstanceImage.Capture(instance));
        Assert.StartsWith("What is in element 0 of a table is not the instance's own (Fermata.Function)", missing.Message, StringComparison.Ordinal);

        using var image = InstanceImage.Capture(instance, value => value is Function ? "function" : value);
        Assert.Equal(
            "The image has objects that are not the instance's own, and nothing says what is to be in their place.",
            Assert.Throws<InvalidOperationException>(() => Begin(image, host: 4)).Message);
        Store store = null!;
        var other = Begin(image, 4, value => value is "function" ? Function.Create(store, () => 7) : value + "!", made => store = made).Instance;
        Assert.Equal("text!", other.GetTable("objects").Get(0));
        Assert.Equal(7, other.GetFunction("call").Invoke(0)[0]);
        var wrong = Assert.Throws<ArgumentException>(() => Begin(image, 4, _ => "no function"));
        Assert.Contains("a table of funcref cannot hold", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThereIsNoImageWhileACallIsSuspended()
    {
        var gate = new TaskCompletionSource();
        var store = NewStore(_engine);
        var instance = new Linker(_engine).Define("env", "wait", () => gate.Task)
            .Instantiate(store, Module.Parse(_engine, """(import "env" "wait" (func $wait)) (memory 1) (func (export "f") (call $wait))"""));
        var call = instance.GetFunction("f").InvokeAsync();
        Assert.StartsWith(
            "There can be no image of an instance while calls of its store are suspended", Assert.Throws<InvalidOperationException>(() => InstanceImage.Capture(instance)).Message, StringComparison.Ordinal);
        gate.SetResult();
        await call;
        InstanceImage.Capture(instance).Dispose();
    }

    [Theory]
    [InlineData("(memory 1 1 shared)", "An image cannot have a shared memory")]
    [InlineData("(type $s (struct)) (global (mut anyref) (struct.new $s))", "An image cannot have the reference in a global, of type anyref")]
    [InlineData("(type $s (struct)) (table 1 (ref null $s) (struct.new $s))", "An image cannot have the reference in element 0 of a table")]
    public void WhatAnImageCannotHaveIsRefused(string fields, string message)
    {
        var instance = Module.Parse(_engine, fields).Instantiate(NewStore(_engine));
        Assert.StartsWith(message, Assert.Throws<NotSupportedException>(() => InstanceImage.Capture(instance, value => value)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SmallNumbersInReferencesAreKept()
    {
        var module = Module.Parse(_engine, """(global $g (export "g") (mut anyref) (ref.null any)) (func (export "f") (global.set $g (ref.i31 (i32.const 5)))) (func (export "get") (result i32) (i31.get_s (ref.cast i31ref (global.get $g))))""");
        var instance = module.Instantiate(NewStore(_engine));
        instance.GetFunction("f").Invoke();
        using var image = InstanceImage.Capture(instance);
        Assert.Equal(5, new Linker(_engine).Instantiate(NewStore(_engine), image).GetFunction("get").Invoke()[0]);
    }

    [Fact]
    public void TheLimitsOfTheStoreHoldForAnImage()
    {
        using var image = CapturePrepared();
        var store = NewStore(_engine, new StoreOptions { Limiter = new StoreLimits { MaxMemoryBytes = 30 * Memory.PageSize } });
        var refused = Assert.Throws<ResourceLimitException>(() => Linker(store, 1).Linker.Instantiate(store, image));
        Assert.Equal(StoreResource.MemoryBytes, refused.Resource);
        var elements = NewStore(_engine, new StoreOptions { Limiter = new StoreLimits { MaxTableElements = 5 } });
        Assert.Equal(StoreResource.TableElements, Assert.Throws<ResourceLimitException>(() => Linker(elements, 1).Linker.Instantiate(elements, image)).Resource);

        // Other instances of the store are as they were.
        Assert.Equal(1, Module.Parse(_engine, """(func (export "f") (result i32) (i32.const 1))""").Instantiate(store).GetFunction("f").Invoke()[0]);
    }

    [Fact]
    public void AnImageIsOfOneModuleAndEngine()
    {
        using var image = CapturePrepared();
        Assert.Same(_module, image.Module);
        var other = new Engine();
        Assert.Equal("The store belongs to another engine than the linker.", Assert.Throws<ArgumentException>(() => new Linker(_engine).Instantiate(new Store(other), image)).Message[..52]);
        Assert.Throws<LinkException>(() => new Linker(_engine).Instantiate(NewStore(_engine), image));
    }

    [Fact]
    public void MemoriesAndTablesThatAreImportedTakeTheContents()
    {
        var module = Module.Parse(_engine, """(import "env" "m" (memory 1)) (import "env" "t" (table 1 funcref)) (func $f (result i32) (i32.const 3)) (func (export "f") (i32.store8 (i32.const 5) (i32.const 6)) (table.set (i32.const 0) (ref.func $f)) ) (elem declare func $f)""");
        InstanceImage image;
        using (var first = new Store(_engine))
        {
            var instance = WithImports(first, pages: 1).Linker.Instantiate(first, module);
            instance.GetFunction("f").Invoke();
            image = InstanceImage.Capture(instance);
        }

        using (image)
        {
            var store = NewStore(_engine);
            var (linker, memory, table) = WithImports(store, pages: 1);
            linker.Instantiate(store, image);
            Assert.Equal(6, memory.Read<byte>(5));
            Assert.Equal(3, table.GetFunction(0).Invoke()[0]);
            var larger = NewStore(_engine);
            Assert.Equal(
                "The memory that is imported has 2 pages, and the image only 1.",
                Assert.Throws<InvalidOperationException>(() => WithImports(larger, pages: 2).Linker.Instantiate(larger, image)).Message);
        }
    }

    /// <summary>Each that begins with an image uses what it writes to, and what is its own in .NET; the rest is one's.</summary>
    [Fact]
    public void ManyInstancesBeginWithOneImageAtOnce()
    {
        using var image = CapturePrepared();
        Parallel.For(0, 200, number =>
        {
            using var store = new Store(_engine);
            var instance = Linker(store, number).Linker.Instantiate(store, image);
            instance.GetFunction("store").Invoke(64, number);
            Assert.Equal(number, instance.GetFunction("load").Invoke(64)[0].AsI32());
            Assert.Equal(number, instance.GetFunction("call").Invoke(1)[0].AsI32());
        });
    }

    private InstanceImage CapturePrepared(Module? module = null)
    {
        var instance = Start(module ?? _module, host: 4).Instance;
        instance.GetFunction("prepare").Invoke();
        return InstanceImage.Capture(instance);
    }

    private (Instance Instance, Global Count) Start(Module module, int host)
    {
        var store = NewStore(module.Engine);
        var (linker, count) = Linker(store, host);
        return (linker.Instantiate(store, module), count);
    }

    private (Instance Instance, Global Count) Begin(InstanceImage image, int host, Func<object, object?>? load = null, Action<Store>? made = null)
    {
        var store = NewStore(image.Module.Engine);
        made?.Invoke(store);
        var (linker, count) = Linker(store, host);
        return (linker.Instantiate(store, image, load), count);
    }

    private static (Linker Linker, Global Count) Linker(Store store, int host)
    {
        var count = new Global(store, new GlobalType(ValType.I32, IsMutable: true), 0);
        return (new Linker(store.Engine).Define("env", "host", () => host).Define("env", "count", count), count);
    }

    private static (Linker Linker, Memory Memory, Table Table) WithImports(Store store, uint pages)
    {
        var memory = new Memory(store, new MemoryType(new Limits(pages, null)));
        var table = new Table(store, new TableType(ValType.FuncRef, new Limits(1, null)));
        return (new Linker(store.Engine).Define("env", "m", memory).Define("env", "t", table), memory, table);
    }

    private Store NewStore(Engine engine, StoreOptions? options = null)
    {
        var store = new Store(engine, options ?? StoreOptions.Default);
        _stores.Add(store);
        return store;
    }
}
