using System.Runtime.CompilerServices;
using Fermata.Tests.Suspension;

namespace Fermata.Tests.Hosting;

/// <summary>What the stacks of a store's calls may take on the heap together (<see cref="StoreLimits.MaxStackBytes"/>).</summary>
public sealed class StackLimitTests
{
    private const long Limit = 256 * 1024;

    /// <summary>"f" waits below so many calls, each with a frame of 8 bytes, and then once more; "run" does so without waiting.</summary>
    private const string Deep = """
        (import "env" "wait" (func $wait))
        (func $down (param $n i32) (param $waits i32) (result i32)
          (if (result i32) (local.get $n)
            (then (i32.add (call $down (i32.sub (local.get $n) (i32.const 1)) (local.get $waits)) (i32.const 1)))
            (else (if (local.get $waits) (then (call $wait))) (i32.const 0))))
        (func (export "f") (param $n i32) (result i32) (local $result i32)
          (block $caught
            (try_table (catch_all $caught)
              (local.set $result (call $down (local.get $n) (i32.const 1)))
              (call $wait)
              (return (local.get $result))))
          (i32.const -1))
        (func (export "run") (param $n i32) (result i32)
          (block $caught (try_table (catch_all $caught) (return (call $down (local.get $n) (i32.const 0)))))
          (i32.const -1))
        """;

    /// <summary>"f" fills so many bytes of its C stack, waits, and tells whether they are still what they were.</summary>
    private const string CStack = """
        (import "env" "wait" (func $wait))
        (memory (export "memory") 20)
        (global $sp (export "__stack_pointer") (mut i32) (i32.const 1048576))
        (func (export "f") (param $size i32) (param $id i32) (result i32) (local $frame i32)
          (global.set $sp (local.tee $frame (i32.sub (global.get $sp) (local.get $size))))
          (memory.fill (local.get $frame) (local.get $id) (local.get $size))
          (call $wait)
          (global.set $sp (i32.add (local.get $frame) (local.get $size)))
          (i32.and
            (i32.eq (i32.load8_u (local.get $frame)) (local.get $id))
            (i32.eq (i32.load8_u offset=0 (i32.sub (i32.add (local.get $frame) (local.get $size)) (i32.const 1))) (local.get $id))))
        """;

    private readonly Queue<TaskCompletionSource> _gates = [];

    public StackLimitTests() => SynchronizationContext.SetSynchronizationContext(null);

    [Fact]
    public void TheFramesOfSuspendedCallsCountTogetherUntilTheyHaveEnded()
    {
        using var guest = NewGuest();
        var f = guest.Instantiate(Deep).GetFunction<Func<int, Task<int>>>("f");
        int? room = null;
        for (var round = 0; round < 3; round++)
        {
            var calls = new List<Task<int>>();
            do
                calls.Add(f(3_000));
            while (!calls[^1].IsCompleted);
            var refusal = calls[^1].Failed<ResourceLimitException>();
            Assert.Equal(StoreResource.StackBytes, refusal.Resource);
            Assert.InRange(refusal.Current, Limit - 32_000, Limit);
            Assert.Equal(
                $"the store's limiter refuses {refusal.Wanted} bytes of stacks on the heap; the store has {refusal.Current}", refusal.Message);
            calls.RemoveAt(calls.Count - 1);
            Assert.InRange(calls.Count, 8, 16);
            Assert.Equal(room ??= calls.Count, calls.Count);
            OpenAll();
            Assert.All(calls, call => Assert.Equal(3_000, call.Completed()));
        }
    }

    [Fact]
    public void ACallThatWaitsAgainHigherUpGivesBackWhatItsFramesTook()
    {
        using var guest = NewGuest();
        var f = guest.Instantiate(Deep).GetFunction<Func<int, Task<int>>>("f");
        var calls = new List<Task<int>>();
        for (var i = 0; i < 5; i++)
        {
            calls.Add(f(9_000));
            Assert.False(calls[^1].IsCompleted);
            _gates.Dequeue().SetResult();
            Assert.Single(_gates);
            _gates.Clear();
        }

        GC.KeepAlive(calls);
    }

    [Fact]
    public async Task TheFramesOfCallsThatRunCountToo()
    {
        using var guest = NewGuest(engine: new EngineOptions { MaxNativeStackBytes = 64 * 1024 });
        var instance = guest.Instantiate(Deep);
        var run = instance.GetFunction<Func<int, int>>("run");
        var runAsync = instance.GetFunction<Func<int, Task<int>>>("run");
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(2_000, run(2_000));
            Assert.Equal(StoreResource.StackBytes, Assert.Throws<ResourceLimitException>(() => run(100_000)).Resource);
            Assert.Equal(2_000, await runAsync(2_000));
            Assert.Equal(StoreResource.StackBytes, (await Assert.ThrowsAsync<ResourceLimitException>(() => runAsync(100_000))).Resource);
        }
    }

    [Theory]
    [InlineData(ShadowStackPolicy.Copy)]
    [InlineData(ShadowStackPolicy.CopyOnConflict)]
    public async Task PartsOfCStacksCountFromTheSuspensionOn(ShadowStackPolicy policy)
    {
        using var guest = NewGuest(policy);
        var f = guest.Instantiate(CStack).GetFunction<Func<int, int, Task<int>>>("f");
        for (var round = 0; round < 3; round++)
        {
            var calls = Enumerable.Range(1, 3).Select(id => f(60_000, id)).ToList();
            Assert.All(calls, call => Assert.False(call.IsCompleted));
            Assert.Equal(StoreResource.StackBytes, f(70_000, 4).Failed<ResourceLimitException>().Resource);
            calls.Add(f(30_000, 5));
            OpenAll();
            Assert.All(await Task.WhenAll(calls), intact => Assert.Equal(1, intact));
        }
    }

    [Fact]
    public void WithoutOneThereIsNoLimitForAllCallsTogether()
    {
        using var guest = new Guest();
        guest.Linker.Define("env", "wait", Wait);
        var f = guest.Instantiate(Deep).GetFunction<Func<int, Task<int>>>("f");
        var calls = Enumerable.Range(0, 20).Select(_ => f(3_000)).ToList();
        OpenAll();
        Assert.All(calls, call => Assert.Equal(3_000, call.Completed()));
    }

    [Fact]
    public void NothingIsLeftOfTheCountWhenCallsHaveEnded()
    {
        var meter = new Meter();
        using var guest = NewGuest(engine: new EngineOptions { MaxNativeStackBytes = 64 * 1024 }, limiter: meter);
        var instance = guest.Instantiate(Deep);
        var f = instance.GetFunction<Func<int, Task<int>>>("f");
        for (var round = 0; round < 2; round++)
        {
            var calls = Enumerable.Range(0, 40).Select(_ => f(3_000)).ToList();
            OpenAll();
            Assert.All(calls, call => Assert.Equal(3_000, call.Completed()));
            Assert.InRange(meter.Current, 40 * 3_000 * 8 / 2, 40 * 3_000 * 8 * 2);
            Assert.Equal(100_000, instance.GetFunction<Func<int, int>>("run")(100_000));
            _ = f(1);
            Assert.InRange(meter.Current, 0, 4096);
            OpenAll();
        }
    }

    [Fact]
    public void ACallThatWasCollectedCountsNoLonger()
    {
        using var guest = NewGuest();
        var f = guest.Instantiate(Deep).GetFunction<Func<int, Task<int>>>("f");
        for (var round = 0; round < 3; round++)
        {
            Forget(f);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Forget(Func<int, Task<int>> f)
    {
        var calls = Enumerable.Range(0, 8).Select(_ => f(3_000)).ToList();
        Assert.All(calls, call => Assert.False(call.IsCompleted));
        _gates.Clear();
    }

    private Guest NewGuest(ShadowStackPolicy policy = ShadowStackPolicy.CopyOnConflict, EngineOptions? engine = null, ResourceLimiter? limiter = null)
    {
        var guest = new Guest(new StoreOptions { Limiter = limiter ?? new StoreLimits { MaxStackBytes = Limit }, ShadowStack = policy }, engine);
        guest.Linker.Define("env", "wait", Wait);
        return guest;
    }

    private Task Wait()
    {
        var gate = new TaskCompletionSource();
        _gates.Enqueue(gate);
        return gate.Task;
    }

    private void OpenAll()
    {
        while (_gates.TryDequeue(out var gate))
            gate.SetResult();
    }

    /// <summary>Allows everything, and notes what the stacks took when one last wanted more.</summary>
    private sealed class Meter : ResourceLimiter
    {
        public long Current { get; private set; }

        public override bool Allows(StoreResource resource, long current, long wanted)
        {
            if (resource == StoreResource.StackBytes)
                Current = current;
            return true;
        }
    }
}
