namespace Fermata.Tests.Hosting;

/// <summary>Calls with C stacks of their own, from the allocator of the module.</summary>
public sealed class SeparateStackTests : IDisposable
{
    private const int Base = 8192;
    private const int Size = 4096;

    // The pointer of a call before and after it waited: none but its own may change it.
    private const string Calls = """
        (func (export "run") (param $bytes i32) (result i32 i32)
          (local $pointer i32)
          (global.set $sp (local.tee $pointer (i32.sub (global.get $sp) (local.get $bytes))))
          (call $wait)
          (local.get $pointer)
          (global.get $sp)
          (global.set $sp (i32.add (global.get $sp) (local.get $bytes))))
        (func (export "trap") (global.set $sp (i32.sub (global.get $sp) (i32.const 64))) (call $wait) (unreachable))
        """;

    private const string Stack = """
        (import "env" "wait" (func $wait))
        (import "env" "allocate" (func $allocate (param i32) (result i32)))
        (memory (export "memory") 2)
        (global $sp (export "__stack_pointer") (mut i32) (i32.const 8192))
        (global $used (export "used") (mut i32) (i32.const 0))
        """;

    private const string Allocator = """
        (global $heap (mut i32) (i32.const 16384))
        (func $malloc (export "malloc") (param i32) (result i32)
          (global.set $used (i32.add (global.get $used) (i32.const 1)))
          (global.get $heap)
          (global.set $heap (i32.add (global.get $heap) (local.get 0))))
        (func $free (export "free") (param i32) (global.set $used (i32.sub (global.get $used) (i32.const 1))))
        """;

    private const string HostAllocator = """
        (func (export "malloc") (param i32) (result i32) (call $allocate (local.get 0)))
        (func (export "free") (param i32))
        """;

    private readonly Queue<TaskCompletionSource> _waiting = [];
    private readonly List<Guest> _guests = [];
    private Func<int, int> _allocate = _ => 0;

    private Instance Instantiate(string fields, Func<StoreOptions, StoreOptions>? configure = null)
    {
        // A completed task then runs its continuation at once, on the same thread.
        SynchronizationContext.SetSynchronizationContext(null);
        var options = new StoreOptions { ShadowStack = ShadowStackPolicy.Separate, SeparateStackBytes = Size };
        var guest = new Guest(configure?.Invoke(options) ?? options);
        _guests.Add(guest);
        guest.Linker.Define("env", "wait", () =>
        {
            _waiting.Enqueue(new TaskCompletionSource());
            return _waiting.Last().Task;
        });
        guest.Linker.Define("env", "allocate", (int size) => _allocate(size));
        guest.Linker.Define("env", "g", new Global(guest.Store, new GlobalType(ValType.I32, true), 0));
        return guest.Instantiate(fields);
    }

    public void Dispose() => _guests.ForEach(guest => guest.Dispose());

    [Fact]
    public async Task EachCallRunsInARegionOfItsOwn()
    {
        var instance = Instantiate(Stack + Allocator + Calls);
        var calls = Enumerable.Range(0, 3).Select(_ => Run(instance, 100)).ToList();
        Assert.Equal(Base, Number(instance, "__stack_pointer"));
        ReleaseAll();
        var pointers = await Task.WhenAll(calls);
        Assert.All(pointers, pair => Assert.Equal(pair.Before, pair.After));
        Assert.Equal(Enumerable.Range(1, 3).Select(i => 16384 + i * Size - 100), pointers.Select(pair => pair.Before));
        Assert.Equal(Base, Number(instance, "__stack_pointer"));
    }

    [Fact]
    public async Task RegionsAreUsedAgainHoweverACallEnds()
    {
        var instance = Instantiate(Stack + Allocator + Calls);
        for (var i = 0; i < 10; i++)
        {
            using var source = new CancellationTokenSource();
            var (trap, cancelled, run) = (
                instance.GetFunction("trap").InvokeAsync(), instance.GetFunction("run").InvokeAsync([8], source.Token), Run(instance, 8));
            Assert.Equal(3, Number(instance, "used"));
            await source.CancelAsync();
            ReleaseAll();
            await Assert.ThrowsAsync<TrapException>(() => trap);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
            await run;
            Assert.Equal(Base, Number(instance, "__stack_pointer"));
        }
    }

    [Fact]
    public async Task RegionsBeyondThoseThatAreKeptAreFreed()
    {
        var instance = Instantiate(Stack + Allocator + Calls);
        var calls = Enumerable.Range(0, 20).Select(_ => Run(instance, 100)).ToList();
        Assert.Equal(20, Number(instance, "used"));
        ReleaseAll();
        await Task.WhenAll(calls);
        for (var i = 0; i < 20; i++)
        {
            var call = Run(instance, 100);
            ReleaseAll();
            await call;
        }

        Assert.Equal(16, Number(instance, "used"));
    }

    [Fact]
    public async Task ACallWithinACallReturnsToTheRegionOfTheOther()
    {
        Task<(int Before, int After)>? inner = null;
        Instance? instance = null;
        _allocate = _ =>
        {
            inner = Run(instance!, 100);
            return Number(instance!, "__stack_pointer");
        };
        instance = Instantiate(Stack + Allocator + Calls + """
            (func (export "outer") (param $bytes i32) (result i32 i32)
              (global.set $sp (i32.sub (global.get $sp) (local.get $bytes)))
              (global.get $sp)
              (call $allocate (i32.const 0)))
            """);
        var (before, after) = await instance.GetFunction<Func<int, Task<(int, int)>>>("outer")(48);
        Assert.Equal((16384 + Size - 48, 16384 + Size - 48), (before, after));
        ReleaseAll();
        Assert.Equal((16384 + 2 * Size - 100, 16384 + 2 * Size - 100), await inner!);
        Assert.Equal(Base, Number(instance, "__stack_pointer"));
    }

    [Fact]
    public async Task ACallThatStartedBeforeTheModuleCameKeepsItsPartOfTheModulesStack()
    {
        Instance? late = null;
        var instance = Instantiate("""
            (import "env" "allocate" (func $load (param i32) (result i32)))
            (table (export "table") 1 funcref)
            (func (export "run") (result i32)
              (drop (call $load (i32.const 0)))
              (call_indirect (result i32) (i32.const 0)))
            """);
        var guest = _guests[0];
        guest.Linker.DefineInstance("first", instance);
        _allocate = _ =>
        {
            late = guest.Instantiate("""(import "first" "table" (table 1 funcref))""" + Stack + Allocator + """
                (elem (i32.const 0) $keep)
                (func $keep (result i32)
                  (global.set $sp (i32.sub (global.get $sp) (i32.const 16)))
                  (i32.store (global.get $sp) (i32.const 42))
                  (call $wait)
                  (i32.load (global.get $sp))
                  (global.set $sp (i32.add (global.get $sp) (i32.const 16))))
                (func (export "overwrite") (memory.fill (i32.const 0) (i32.const 1) (i32.const 8192)))
                """);
            return 0;
        };
        var call = instance.GetFunction<Func<Task<int>>>("run")();
        Assert.Equal(Base, Number(late!, "__stack_pointer"));
        late!.GetFunction<Action>("overwrite")();
        ReleaseAll();
        Assert.Equal(42, await call);
        Assert.Equal(Base, Number(late, "__stack_pointer"));
        Assert.Equal(0, Number(late, "used"));
    }

    [Fact]
    public async Task TheAllocatorLeavesTheArgumentsAlone()
    {
        var instance = Instantiate(Stack + """
            (func $results (result i32 i32 i32) (i32.const 16384) (i32.const 7) (i32.const 8))
            (func (export "malloc") (param i32) (result i32) (call $results) (drop) (drop))
            (func (export "free") (param i32))
            (func (export "echo") (param i32 externref i64) (result i32 externref i64) (local.get 0) (local.get 1) (local.get 2))
            """);
        var result = await instance.GetFunction<Func<int, object?, long, Task<(int, object?, long)>>>("echo")(1, "two", 3);
        Assert.Equal((1, "two", 3L), result);
    }

    [Fact]
    public async Task WithoutRoomTheCallFailsAndTheStoreGoesOn()
    {
        var instance = Instantiate(Stack + HostAllocator + Calls);
        var failure = await Assert.ThrowsAsync<InsufficientMemoryException>(() => Run(instance, 8));
        Assert.Equal("There is no room for the C stack of a promising call: malloc returned 0 for 4096 bytes.", failure.Message);
        Assert.Equal(Base, Number(instance, "__stack_pointer"));
        _allocate = _ => 16384;
        var call = Run(instance, 8);
        ReleaseAll();
        Assert.Equal((16384 + Size - 8, 16384 + Size - 8), await call);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2 * 65536 - Size + 1)]
    public async Task AnAllocatorThatGivesWhatIsNotInTheMemoryFailsTheCall(int address)
    {
        var instance = Instantiate(Stack + HostAllocator + Calls);
        _allocate = _ => address;
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Run(instance, 8));
        Assert.StartsWith($"There is no C stack for a promising call: malloc returned the address {(uint)address}", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Base, Number(instance, "__stack_pointer"));
    }

    [Fact]
    public async Task AnAllocatorThatTrapsFailsTheCall()
    {
        var instance = Instantiate(Stack + """
            (func (export "malloc") (param i32) (result i32) (global.set $sp (i32.const 16)) (unreachable))
            (func (export "free") (param i32))
            """ + Calls);
        await Assert.ThrowsAsync<TrapException>(() => Run(instance, 8));
        Assert.Equal(Base, Number(instance, "__stack_pointer"));
    }

    [Fact]
    public async Task AnAllocatorThatDoesNotReturnIsCancelledWithItsCall()
    {
        using var store = new Store(
            new Engine(new EngineOptions { IsInterruptible = true }), new StoreOptions { ShadowStack = ShadowStackPolicy.Separate });
        using var source = new CancellationTokenSource();
        var instance = new Linker(store.Engine).Define("env", "cancel", () => source.Cancel()).Instantiate(store, Module.Parse(store.Engine, """
            (import "env" "cancel" (func $cancel))
            (memory 1)
            (global $sp (export "__stack_pointer") (mut i32) (i32.const 8192))
            (func (export "malloc") (param i32) (result i32) (call $cancel) (loop $forever (br $forever)) (i32.const 0))
            (func (export "free") (param i32))
            (func (export "run"))
            """));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => instance.GetFunction("run").InvokeAsync([], source.Token));
        Assert.Equal(Base, Number(instance, "__stack_pointer"));
    }

    [Fact]
    public async Task AnAllocatorCannotSuspend()
    {
        var instance = Instantiate(Stack + """
            (func (export "malloc") (param i32) (result i32) (call $wait) (i32.const 16384))
            (func (export "free") (param i32))
            """ + Calls);
        await Assert.ThrowsAsync<SuspendException>(() => Run(instance, 8));
        Assert.Empty(_waiting);
        Assert.Equal(Base, Number(instance, "__stack_pointer"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""(func (export "malloc") (param i64) (result i64) (local.get 0)) (func (export "free") (param i64))""")]
    [InlineData("""(func (export "malloc") (param i32) (result i32) (local.get 0))""")]
    public void AModuleWithAStackAndNoAllocatorIsRefused(string fields)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Instantiate(Stack + fields + Calls));
        Assert.Contains("exports no allocator for them: looked for memalign and free, ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("Name it in StoreOptions.StackAllocator, or use another policy.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(memory 1)")]
    [InlineData("(global (mut i32) (i32.const 16))")]
    [InlineData("(memory 1) (global i32 (i32.const 16)) (global (mut i64) (i64.const 16)) (global (mut i32) (i32.const 0)) (global (mut i32) (i32.const 65552))")]
    public void AModuleThatCannotHaveAStackNeedsNoAllocator(string fields) => Assert.Null(Instantiate(fields).ShadowStack);

    [Theory]
    [InlineData("(memory 1) (global $g (mut i32) (i32.const 4096)) (global (mut i64) (i64.const 0))", "0 \"g\", 1")]
    [InlineData("(memory i64 1) (global (mut i32) (i32.const 0)) (global (mut i64) (i64.const 65536))", "0, 1")]
    [InlineData("""(import "env" "g" (global (mut i32))) (memory 1)""", "0 \"g\"")]
    public void AModuleThatMayHaveAStackWhichIsNotFoundIsRefused(string fields, string globals)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Instantiate(fields));
        Assert.Equal(
            "The store gives each promising call a C stack of its own (ShadowStackPolicy.Separate), but in the module no stack pointer is found, though it may have " +
            $"one. Its mutable globals of type i32 or i64 are: {globals}. Say in StoreOptions.StackPointer which it is, or that there is none, or use another policy.",
            failure.Message);
    }

    [Fact]
    public void AModuleOfWhichItIsSaidThatItHasNoStackIsNotRefused() =>
        Assert.Null(Instantiate("(memory 1) (global (mut i32) (i32.const 16))", options => options with { StackPointer = _ => StackPointer.None }).ShadowStack);

    [Fact]
    public async Task TheAllocatorIsTheOneThatIsNamed()
    {
        var (alignment, size) = (0, 0);
        var instance = Instantiate(
            Stack + Calls + """
                (func (export "take") (param i32 i32) (result i32)
                  (drop (call $allocate (local.get 0)))
                  (call $allocate (local.get 1)))
                (func (export "give") (param i32))
                """,
            options => options with { StackAllocator = new StackAllocator("take", "give"), SeparateStackBytes = 2048 });
        _allocate = value =>
        {
            (alignment, size) = (size, value);
            return 16384;
        };
        var call = Run(instance, 0);
        ReleaseAll();
        Assert.Equal((16384 + 2048, 16384 + 2048), await call);
        Assert.Equal((16, 2048), (alignment, size));
    }

    [Theory]
    [InlineData("""(global $low (export "__stack_limit") (mut i32) (i32.const 0)) (global $high (export "__stack_base") (mut i32) (i32.const 8192))""")]
    [InlineData("""
        (global $low (mut i32) (i32.const 0)) (global $high (mut i32) (i32.const 8192))
        (func (export "emscripten_stack_get_end") (result i32) (global.get $low))
        (func (export "emscripten_stack_get_base") (result i32) (global.get $high))
        """)]
    [InlineData("""
        (global $low (mut i32) (i32.const 0)) (global $high (mut i32) (i32.const 8192))
        (func (export "emscripten_stack_set_limits") (param i32 i32) (global.set $high (local.get 0)) (global.set $low (local.get 1)))
        """)]
    [InlineData("""
        (global $low (mut i32) (i32.const 0)) (global $high (mut i32) (i32.const 8192))
        (global $end (mut i32) (i32.const 0)) (global $base (mut i32) (i32.const 8192))
        (func (export "emscripten_stack_get_end") (result i32) (global.get $end))
        (func (export "emscripten_stack_get_base") (result i32) (global.get $base))
        (func (export "__set_stack_limits") (param i32 i32) (global.set $high (local.get 0)) (global.set $low (local.get 1)))
        """)]
    public async Task TheBoundsAreThoseOfTheRegion(string bounds)
    {
        var instance = Instantiate(Stack + Allocator + bounds + """
            (func (export "bounds") (result i32 i32) (call $wait) (global.get $low) (global.get $high))
            (func (export "boundsNow") (result i32 i32) (global.get $low) (global.get $high))
            """);
        var start = instance.GetFunction<Func<Task<(int, int)>>>("bounds");
        var now = instance.GetFunction<Func<(int, int)>>("boundsNow");
        var (first, second) = (start(), start());
        Assert.Equal((0, Base), now());
        ReleaseAll();
        Assert.Equal((16384, 16384 + Size), await first);
        Assert.Equal((16384 + Size, 16384 + 2 * Size), await second);
        Assert.Equal((0, Base), now());
    }

    [Fact]
    public async Task AStackOf64BitAddressesWorks()
    {
        var instance = Instantiate("""
            (import "env" "wait" (func $wait))
            (memory i64 2)
            (global $sp (export "__stack_pointer") (mut i64) (i64.const 8192))
            (func (export "malloc") (param i64) (result i64) (i64.const 16384))
            (func (export "free") (param i64))
            (func (export "run") (result i64) (call $wait) (global.get $sp))
            """);
        var call = instance.GetFunction<Func<Task<long>>>("run")();
        ReleaseAll();
        Assert.Equal(16384 + Size, await call);
    }

    [Fact]
    public async Task CallsEndWhenTheStoreIsDisposed()
    {
        var instance = Instantiate(Stack + Allocator + Calls);
        var call = Run(instance, 8);
        Dispose();
        ReleaseAll();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
    }

    [Theory]
    [InlineData(1023)]
    [InlineData(int.MaxValue)]
    public void TheSizeHasARange(int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Store(new Engine(), new StoreOptions { SeparateStackBytes = size }));

    private static Task<(int Before, int After)> Run(Instance instance, int bytes) =>
        instance.GetFunction<Func<int, Task<(int, int)>>>("run")(bytes);

    private static int Number(Instance instance, string global) => instance.GetGlobal(global).Value.AsI32();

    private void ReleaseAll()
    {
        while (_waiting.TryDequeue(out var source))
            source.SetResult();
    }
}
