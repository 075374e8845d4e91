using System.Runtime.CompilerServices;

namespace Fermata.Tests.Threads;

/// <summary>Memories that belong to no store.</summary>
public sealed class SharedMemoryTests : IDisposable
{
    private readonly SharedGuest _guest = new(pages: 100);

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void StoresSeeWhatOthersWrite()
    {
        var writer = _guest.Instantiate("""(func (export "f") (i32.store (i32.const 4) (i32.const 7)))""").GetFunction<Action>("f");
        var reader = _guest.Instantiate("""(func (export "f") (result i32) (i32.load (i32.const 4)))""").GetFunction<Func<int>>("f");
        SharedGuest.RunOnThreads([writer], write => write());
        Assert.Equal(7, reader());
        Assert.Equal(7, _guest.Memory.Read<int>(4));
    }

    [Fact]
    public void ThreadsMakeTheirStoresOfOneModuleAndOneLinker()
    {
        var linker = new Linker(_guest.Engine).Define("env", "m", _guest.Memory);
        var module = Module.Parse(_guest.Engine, """
            (import "env" "m" (memory 1 100 shared))
            (func $add (result i32) (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
            (start $start) (func $start (drop (call $add)))
            (func (export "run") (result i32) (call $add))
            """);
        SharedGuest.RunOnThreads(Enumerable.Range(0, 8), _ =>
        {
            using var store = new Store(_guest.Engine);
            Assert.InRange(linker.Instantiate(store, module).GetFunction<Func<int>>("run")(), 1, 15);
        });
        Assert.Equal(16, _guest.Memory.Read<int>(0));
    }

    [Fact]
    public void AMemoryThatAModuleDeclaresCanBeImportedIntoAnotherStoreAndOutlivesItsOwn()
    {
        using var second = new Store(_guest.Engine);
        var first = new Store(_guest.Engine);
        var memory = Declare(first);
        var other = Import(second, memory);
        Assert.Same(memory, other.GetMemory("m"));
        first.Dispose();
        Assert.Equal('b', other.GetFunction<Func<int>>("f")());
        Assert.Equal("ab", memory.ReadUtf8(0, 2));
        Assert.Equal(1, memory.Grow(1));
    }

    [Fact]
    public void AMemoryThatAModuleDeclaresIsFreedWithTheLastStoreThatUsesIt()
    {
        var stores = Enumerable.Range(0, 3).Select(_ => new Store(_guest.Engine)).ToArray();
        var memory = Declare(stores[0]);
        Import(stores[1], memory);
        Import(stores[1], memory);
        Import(stores[2], memory);
        foreach (var store in stores)
        {
            Assert.Equal("ab", memory.ReadUtf8(0, 2));
            store.Dispose();
        }

        Assert.Throws<ObjectDisposedException>(() => memory.ReadUtf8(0, 2));
        Assert.Throws<ObjectDisposedException>(() => memory.Read<byte>(0));
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => memory.Grow(0));
        Assert.Throws<ObjectDisposedException>(() => memory.Notify(0));
        Assert.Equal(0, memory.ByteLength);
        using var late = new Store(_guest.Engine);
        Assert.Contains(nameof(Memory), Assert.Throws<ObjectDisposedException>(() => Import(late, memory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StoresThatComeAndGoFindTheMemoryOrFindThatItWasFreed()
    {
        for (var round = 0; round < 20; round++)
        {
            var first = new Store(_guest.Engine);
            var memory = Declare(first);
            var runs = 0;
            SharedGuest.RunOnThreads(Enumerable.Range(0, 4), number =>
            {
                for (var i = 0; i < 20; i++)
                {
                    using var store = new Store(_guest.Engine);
                    if (number == 0 && i == 5)
                        first.Dispose();
                    try
                    {
                        Assert.Equal('b', Import(store, memory).GetFunction<Func<int>>("f")());
                        Interlocked.Increment(ref runs);
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                }
            });
            Assert.InRange(runs, 5, 80);
            Assert.Throws<ObjectDisposedException>(() => memory.Read<byte>(0));
        }
    }

    [Fact]
    public void AMemoryOfTheHostOutlivesAllStores()
    {
        using (var store = new Store(_guest.Engine))
            new Linker(_guest.Engine).Define("env", "m", _guest.Memory).Instantiate(store, Module.Parse(_guest.Engine, """(import "env" "m" (memory 1 100 shared))"""));
        _guest.Memory.Write(4, 7);
        Assert.Equal(7, _guest.Instantiate("""(func (export "f") (result i32) (i32.load (i32.const 4)))""").GetFunction<Func<int>>("f")());
    }

    [Theory]
    [InlineData("(memory 1 100 shared)", true)]
    [InlineData("(memory 1 200 shared)", true)]
    [InlineData("(memory 2 100 shared)", false)]
    [InlineData("(memory 1 99 shared)", false)]
    [InlineData("(memory 1 100)", false)]
    [InlineData("(memory i64 1 100 shared)", false)]
    public void TheTypeMustFit(string import, bool fits)
    {
        using var store = new Store(_guest.Engine);
        var linker = new Linker(_guest.Engine).Define("env", "m", _guest.Memory);
        var error = Record.Exception(() => linker.Instantiate(store, Module.Parse(_guest.Engine, $"""(import "env" "m" {import})""")));
        Assert.Equal(fits, error is null);
        if (!fits)
            Assert.StartsWith("incompatible import type", Assert.IsType<LinkException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnsharedMemoryIsNoSharedOne()
    {
        using var store = new Store(_guest.Engine);
        var linker = new Linker(_guest.Engine).Define("env", "m", new Memory(store, new MemoryType(new Limits(1, 1))));
        var module = Module.Parse(_guest.Engine, """(import "env" "m" (memory 1 1 shared))""");
        Assert.Throws<LinkException>(() => linker.Instantiate(store, module));
    }

    [Fact]
    public void TypesThatMakeNoSenseAreRefused()
    {
        using var store = new Store(_guest.Engine);
        var shared = new MemoryType(new Limits(1, 1), IsShared: true);
        AssertRefused("(memory 1 1) is not shared", () => new Memory(new MemoryType(new Limits(1, 1))));
        AssertRefused("(memory 1 1 shared) is shared", () => new Memory(store, shared));
        AssertRefused("shared memory must have maximum", () => new Memory(new MemoryType(new Limits(1, null), IsShared: true)));
        AssertRefused("size minimum must not be greater than maximum", () => new Memory(new MemoryType(new Limits(2, 1), IsShared: true)));
        Assert.Throws<InsufficientMemoryException>(() => new Memory(new MemoryType(new Limits(65537, 65537), IsShared: true)));
    }

    [Fact]
    public void GrowingFromManyThreadsGivesEachPageToOneOfThemAndNeverMovesIt()
    {
        // The one that grows writes to the last word of its new page; the others look at the last word of all.
        const string Program = """
            (func (export "grow") (param $id i32) (result i32) (local $pages i32)
              (local.set $pages (memory.grow (i32.const 1)))
              (if (i32.ne (local.get $pages) (i32.const -1)) (then
                (i32.store offset=65532 (i32.shl (local.get $pages) (i32.const 16)) (local.get $id))))
              (local.get $pages))
            (func (export "look")
              (loop $again
                (drop (i32.load (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4))))
                (br_if $again (i32.lt_u (memory.size) (i32.const 3000)))))
            """;
        using var guest = new SharedGuest(pages: 3000);
        using var together = new Barrier(4);
        var start = guest.Memory.Base;
        var instances = Enumerable.Range(0, 4).Select(id => (Id: id, Instance: guest.Instantiate(Program))).ToList();
        var pages = new List<int>[4];

        SharedGuest.RunOnThreads(instances, item =>
        {
            var (id, instance) = item;
            pages[id] = [];
            Assert.True(together.SignalAndWait(TimeSpan.FromMinutes(5)));
            if (id == 3)
            {
                instance.GetFunction<Action>("look")();
                return;
            }

            var grow = instance.GetFunction<Func<int, int>>("grow");
            for (var page = grow(id + 1); page >= 0; page = grow(id + 1))
                pages[id].Add(page);
        });

        Assert.Equal(Enumerable.Range(1, 2999), pages.SelectMany(list => list).Order());
        Assert.Equal((start, 3000ul), (guest.Memory.Base, guest.Memory.PageCount));
        for (var id = 0; id < 3; id++)
            Assert.All(pages[id], page => Assert.Equal(id + 1, guest.Memory.Read<int>((page << 16) + 65532)));
        Assert.Equal(new MemoryType(new Limits(3000, 3000), IsShared: true), guest.Memory.Type);
        Assert.Equal(-1, guest.Memory.Grow(1));
    }

    [Fact]
    public void ATextThatIsChangedMeanwhileIsReadAllTheSame()
    {
        // Half as many characters, and as many again.
        const int Length = 4096;
        byte[][] texts = [[.. Enumerable.Repeat("é"u8.ToArray(), Length / 2).SelectMany(bytes => bytes)], [.. Enumerable.Repeat((byte)'a', Length)]];
        var stop = false;
        Action write = () =>
        {
            for (var i = 0; !Volatile.Read(ref stop); i++)
                texts[i % 2].CopyTo(_guest.Memory.Span);
        };
        Action read = () =>
        {
            try
            {
                for (var i = 0; i < 5_000; i++)
                    Assert.InRange(_guest.Memory.ReadUtf8(0, Length).Length, Length / 2, Length);
            }
            finally
            {
                Volatile.Write(ref stop, true);
            }
        };
        _guest.Memory.Span.Fill((byte)'a');
        SharedGuest.RunOnThreads([write, read], run => run());
    }

    [Fact]
    public void AStoreKeepsTheMemoriesThatItUses()
    {
        using var store = new Store(_guest.Engine);
        var memory = Declare(store, out var f);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.True(memory.IsAlive);
        Assert.Equal(0, f());
    }

    [Fact]
    public void NothingKeepsAMemoryThatNobodyUses()
    {
        var memory = Forget();
        for (var i = 0; i < 10 && memory.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(memory.IsAlive);
    }

    private Memory Declare(Store store) => new Linker(_guest.Engine).Instantiate(
        store, Module.Parse(_guest.Engine, """(memory (export "m") 1 2 shared) (data (i32.const 0) "ab")""")).GetMemory("m");

    private Instance Import(Store store, Memory memory) => new Linker(_guest.Engine).Define("env", "m", memory).Instantiate(
        store, Module.Parse(_guest.Engine, """
            (import "env" "m" (memory 1 2 shared)) (export "m" (memory 0))
            (func (export "f") (result i32) (i32.load8_u (i32.const 1)))
            """));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Declare(Store store, out Func<int> f)
    {
        var instance = new Linker(_guest.Engine).Instantiate(
            store, Module.Parse(_guest.Engine, """(memory (export "m") 1 1 shared) (func (export "f") (result i32) (i32.load (i32.const 0)))"""));
        f = instance.GetFunction<Func<int>>("f");
        return new WeakReference(instance.GetMemory("m"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Forget()
    {
        using var store = new Store(_guest.Engine);
        return Declare(store, out _);
    }

    private static void AssertRefused(string message, Func<object> make) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);
}
