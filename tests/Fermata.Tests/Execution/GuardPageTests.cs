using Fermata.Runtime;

namespace Fermata.Tests.Execution;

[CollectionDefinition(nameof(GuardPageTests), DisableParallelization = true)]
public sealed class GuardPageCollection;

/// <summary>Faults of guard pages are traps, and nothing else is. Other tests stay away, as slots are scarce for a while.</summary>
[Collection(nameof(GuardPageTests))]
public sealed class GuardPageTests : IDisposable
{
    private const string Program = """
        (import "host" "wait" (func $wait (result i32)))
        (import "host" "fail" (func $fail))
        (memory (export "memory") 1 3)
        (func $load (export "load") (param i32) (result i32) (i32.load (local.get 0)))
        (func (export "store") (param i32) (i32.store (local.get 0) (i32.const 7)))
        (func (export "grow") (result i32) (memory.grow (i32.const 1)))
        (func (export "waiting") (param i32) (result i32)
          (block $caught
            (try_table (catch_all $caught)
              (return (i32.add (call $wait) (call $load (i32.add (local.get 0) (call $wait)))))))
          (i32.const -5))
        (func $middle (param i32) (result i32) (i32.add (call $load (local.get 0)) (i32.const 1)))
        (func (export "outer") (param i32) (result i32) (i32.add (call $middle (local.get 0)) (i32.const 1)))
        (func (export "failing") (call $fail))
        (func (export "catching") (result i32) (block $caught (try_table (catch_all $caught) (call $fail)) (return (i32.const 0))) (i32.const 1))
        (func (export "trapping") (result i32) (block $caught (try_table (catch_all $caught) (drop (call $load (i32.const -1)))) (return (i32.const 0))) (i32.const 1))
        """;

    private readonly Store _store = new(new Engine());
    private Action _fail = () => { };
    private Func<Task<int>> _wait = () => Task.FromResult(0);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Are_there_on_Linux_and_x64() => Assert.Equal(FaultHandler.IsSupported, Instantiate(_store).Code.NeedsGuards);

    [Fact]
    public void A_trap_has_the_trace_of_the_code_and_the_type_that_checks_give()
    {
        var function = Instantiate(_store).GetFunction<Func<int, int>>("outer");

        Assert.Equal(2, function(65532));
        var trap = Assert.Throws<MemoryTrapException>(() => function(65533));

        Assert.Equal(TrapKind.OutOfBoundsMemoryAccess, trap.Kind);
        Assert.Equal("out of bounds memory access\n  at load\n  at middle\n  at outer", trap.Message);
        Assert.Null(trap.InnerException);
        Assert.Contains("f7(", trap.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_moves_when_the_memory_grows()
    {
        var instance = Instantiate(_store);
        var (load, store, grow) = (instance.GetFunction<Func<int, int>>("load"), instance.GetFunction<Action<int>>("store"), instance.GetFunction<Func<int>>("grow"));
        for (var pages = 1; pages < 3; pages++)
        {
            Assert.Throws<MemoryTrapException>(() => store((pages * 65536) - 3));
            Assert.Throws<MemoryTrapException>(() => load(pages * 65536));
            Assert.Equal(pages, grow());
            store(pages * 65536);
            Assert.Equal(7, load(pages * 65536));
        }

        Assert.Equal(-1, grow());
        Assert.Throws<MemoryTrapException>(() => load(3 * 65536));
    }

    [Fact]
    public void An_empty_memory_traps_everywhere()
    {
        var function = Module.Parse(_store.Engine, """(memory 0) (func (export "f") (param i32) (result i32) (i32.load8_u (local.get 0)))""")
            .Instantiate(_store).GetFunction<Func<int, int>>("f");

        foreach (var address in new[] { 0, 1, 65536, int.MaxValue, -1 })
            Assert.Throws<MemoryTrapException>(() => function(address));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_resumed_function_traps_and_tells_of_those_that_wait(bool suspendEverywhere)
    {
        using var store = new Store(new Engine(new EngineOptions { SuspendEverywhere = suspendEverywhere }));
        var gate = new TaskCompletionSource<int>();
        _wait = () => gate.Task;
        var function = Instantiate(store).GetFunction<Func<int, Task<int>>>("waiting");

        var fine = function(0);
        var trapping = function(-1);
        gate.SetResult(0);

        Assert.Equal(0, await fine);
        var trap = await Assert.ThrowsAsync<MemoryTrapException>(() => trapping);
        Assert.Equal("out of bounds memory access\n  at load\n  at waiting", trap.Message);
        Assert.Equal(0, await function(0));
    }

    [Fact]
    public void Code_cannot_catch_it() => Assert.Throws<MemoryTrapException>(() => Instantiate(_store).GetFunction<Func<int>>("trapping")());

    [Fact]
    public void Fuel_is_what_checked_code_leaves()
    {
        var fuel = Array.ConvertAll([BoundsChecks.Automatic, BoundsChecks.Explicit], checks =>
        {
            using var store = new Store(new Engine(new EngineOptions { UsesFuel = true, BoundsChecks = checks })) { Fuel = 1_000 };
            Assert.Throws<MemoryTrapException>(() => Instantiate(store).GetFunction<Func<int, int>>("outer")(-1));
            return store.Fuel;
        });

        Assert.Equal(fuel[1], fuel[0]);
        Assert.InRange(fuel[0], 1, 999);
    }

    [Fact]
    public async Task A_null_reference_of_a_host_function_stays_what_it_is()
    {
        string? nothing = null;
        _fail = () => GC.KeepAlive(nothing!.Length);
        _wait = async () =>
        {
            await Task.Yield();
            return nothing!.Length;
        };
        var instance = Instantiate(_store);

        Assert.Contains(nameof(GuardPageTests), Assert.Throws<NullReferenceException>(instance.GetFunction<Action>("failing")).StackTrace, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NullReferenceException>(instance.GetFunction<Func<Task>>("failing"));
        Assert.Equal(-5, await instance.GetFunction<Func<int, Task<int>>>("waiting")(0));
        Assert.Equal(1, instance.GetFunction<Func<int>>("catching")());
        _fail = () => throw new NullReferenceException("mine");
        Assert.Equal("mine", Assert.Throws<NullReferenceException>(instance.GetFunction<Action>("failing")).Message);
    }

    [Fact]
    public void A_host_function_sees_the_trap_of_a_call_that_it_makes()
    {
        var instance = Instantiate(_store);
        _fail = () => instance.GetFunction<Func<int, int>>("outer")(-1);

        var trap = Assert.Throws<MemoryTrapException>(instance.GetFunction<Action>("failing"));

        Assert.Equal(["load", "middle", "outer", "failing"], trap.WasmStack.Select(frame => frame.FunctionName));
    }

    [Fact]
    public void Many_threads_trap_at_once()
    {
        var shared = new Memory(new MemoryType(new Limits(1, 2), IsShared: true));
        var traps = 0;
        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            using var store = new Store(_store.Engine);
            var own = Instantiate(store).GetFunction<Func<int, int>>("load");
            var common = Module.Parse(store.Engine, """(import "" "" (memory 1 2 shared)) (func (export "f") (param i32) (result i32) (i32.load (local.get 0)))""")
                .Instantiate(store, shared).GetFunction<Func<int, int>>("f");
            for (var i = 0; i < 1_000; i++)
            {
                foreach (var function in new[] { own, common })
                {
                    try
                    {
                        function(65_533 + i);
                    }
                    catch (MemoryTrapException)
                    {
                        Interlocked.Increment(ref traps);
                    }

                    Assert.Equal(0, function(i));
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(16_000, traps);
        GC.KeepAlive(shared);
    }

    [Fact]
    public void Slots_are_used_again_and_empty()
    {
        var bases = new HashSet<nint>();
        for (var i = 0; i < 100; i++)
        {
            using var store = new Store(_store.Engine);
            var memory = Instantiate(store).GetMemory("memory");
            Assert.Equal(0, memory.Read<int>(0));
            memory.Write(0, 5);
            bases.Add(memory.Base);
        }

        Assert.InRange(bases.Count, 1, 99);
    }

    [Fact]
    public void Without_a_slot_code_checks()
    {
        // No finalizer may give one back meanwhile.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var slots = new List<nint>();
        try
        {
            while (GuardedArena.TryTake() is var slot && slot != 0)
                slots.Add(slot);
            var module = Parse(_store.Engine);
            var instance = Instantiate(_store, module);

            Assert.False(instance.Code.NeedsGuards);
            Assert.Equal("out of bounds memory access\n  at load\n  at middle\n  at outer", Assert.Throws<MemoryTrapException>(() => instance.GetFunction<Func<int, int>>("outer")(65533)).Message);
            Assert.NotEqual(module.Code.Fingerprint.ToString(), FaultHandler.IsSupported ? instance.Code.Fingerprint.ToString() : "");
            Assert.Equal(Frames(module.Code), Frames(instance.Code));
            var importing = Module.Parse(_store.Engine, """(import "" "" (memory 1)) (func (export "f") (param i32) (result i32) (i32.load (local.get 0)))""")
                .Instantiate(_store, instance.GetMemory("memory"));
            Assert.False(importing.Code.NeedsGuards);
            Assert.Throws<MemoryTrapException>(() => importing.GetFunction<Func<int, int>>("f")(-4));
        }
        finally
        {
            slots.ForEach(slot => GuardedArena.Release(slot, 0));
        }

        Assert.Equal(FaultHandler.IsSupported, Instantiate(_store).Code.NeedsGuards);
    }

    [Fact]
    public void Memories_with_64_bit_addresses_are_checked_beside_others()
    {
        var instance = Module.Parse(_store.Engine, """
            (memory $wide i64 1) (memory $narrow 1)
            (func (export "wide") (param i64) (result i32) (i32.load $wide (local.get 0)))
            (func (export "copy") (param i64) (param i32) (i64.store $narrow (local.get 1) (i64.load $wide (local.get 0))))
            """).Instantiate(_store);
        var copy = instance.GetFunction<Action<long, int>>("copy");

        copy(65528, 65528);
        Assert.Throws<MemoryTrapException>(() => copy(65529, 0));
        Assert.Throws<MemoryTrapException>(() => copy(-8, 0));
        Assert.Throws<MemoryTrapException>(() => copy(1L << 40, 0));
        Assert.Throws<MemoryTrapException>(() => copy(0, 65529));
    }

    /// <summary>What frames depend on.</summary>
    private static string Frames(ModuleCode code) =>
        string.Join(' ', Enumerable.Range(2, 8).SelectMany(function => code.EntryPoint(function) != 0 ? code.Sites(function) : []).Select(site => $"{site.NumberCount}/{site.ReferenceCount}"));

    private static Module Parse(Engine engine) => Module.Parse(engine, Program);

    private Instance Instantiate(Store store, Module? module = null) =>
        (module ?? Parse(store.Engine)).Instantiate(store, () => _wait(), () => _fail());
}
