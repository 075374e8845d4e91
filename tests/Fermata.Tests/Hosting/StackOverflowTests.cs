using Fermata.Tests.Suspension;

namespace Fermata.Tests.Hosting;

/// <summary>Calls that use more of their C stack than there is, as far as that is seen: when they wait, and when they end.</summary>
public sealed class StackOverflowTests : IDisposable
{
    private const int Base = 8192;
    private const int Region = 16384;
    private const int Size = 4096;

    private const string Program = """
        (import "env" "wait" (func $wait (param i32)))
        (import "env" "nest" (func $nest (param i32)))
        (import "env" "spinning" (func $spinning))
        (memory (export "memory") 2 2 shared)
        (global $sp (export "__stack_pointer") (mut i32) (i32.const 8192))
        (global $go (export "go") (mut i32) (i32.const 0))
        (global $heap (mut i32) (i32.const 16384))
        (func (export "malloc") (param i32) (result i32)
          (global.get $heap) (global.set $heap (i32.add (global.get $heap) (local.get 0))))
        (func (export "free") (param i32))
        (func $take (param $bytes i32) (global.set $sp (i32.sub (global.get $sp) (local.get $bytes))))
        (func (export "wait") (param $bytes i32) (result i32)
          (call $take (local.get $bytes))
          (block $caught (try_table (catch_all $caught) (call $wait (i32.const 0))))
          (call $take (i32.sub (i32.const 0) (local.get $bytes)))
          (global.get $sp))
        (func (export "end") (param $bytes i32) (result i32) (call $take (local.get $bytes)) (i32.const 1))
        (func (export "wait at a memory") (param $bytes i32) (result i32)
          (call $take (local.get $bytes))
          (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
        (func (export "nest") (param $bytes i32) (result i32)
          (call $take (i32.const 48)) (call $nest (local.get $bytes)) (call $wait (i32.const 1)) (global.get $sp))
        (func (export "spin") (param $bytes i32) (result i32)
          (call $take (local.get $bytes))
          (call $spinning)
          (loop $again (br_if $again (i32.eqz (global.get $go))))
          (i32.const 1))
        (func (export "quick") (global.set $go (i32.const 1)))
        """;

    private const string Bounded = """(global (export "__data_end") i32 (i32.const 4096)) (global (export "__heap_base") i32 (i32.const 8192))""";

    private readonly Dictionary<int, Gate> _gates = [];
    private readonly ManualResetEventSlim _isSpinning = new();
    private Guest? _guest;
    private Instance? _instance;
    private Task<int>? _bystander;

    private Instance Instance => _instance!;

    public void Dispose()
    {
        _guest?.Dispose();
        _isSpinning.Dispose();
    }

    [Theory]
    [InlineData("wait", Size + 1)]
    [InlineData("wait", Size + 40_000)]
    [InlineData("wait", -16)]
    [InlineData("wait", -100_000)]
    [InlineData("wait at a memory", Size + 1)]
    [InlineData("end", Size + 1)]
    [InlineData("end", -16)]
    public async Task ACallThatHasLeftItsSeparateStackFails(string name, int bytes)
    {
        Instantiate(ShadowStackPolicy.Separate);
        var call = Start(name, bytes);
        var trap = call.Failed<TrapException>();
        Assert.Equal(TrapKind.CStackOverflow, trap.Kind);
        Assert.StartsWith(
            $"C stack overflow (the stack pointer is {(uint)(Region + (2 * Size) - bytes)}, and the call has the 4096 bytes from {Region + Size} on: " +
            "raise StoreOptions.SeparateStackBytes)",
            trap.Message,
            StringComparison.Ordinal);
        Assert.Equal(name == "end" ? [] : [name], trap.WasmStack.Select(frame => frame.FunctionName));
        Assert.Equal(0, Instance.GetMemory("memory").Notify(0));

        // The region is that of the next call.
        var next = Start("wait", Size);
        Assert.False(next.IsCompleted);
        await AssertUnharmed();
        Assert.Equal(Region + (2 * Size), await next.InTime());
    }

    [Theory]
    [InlineData(Size)]
    [InlineData(0)]
    public async Task ACallMayUseAllOfItsSeparateStack(int bytes)
    {
        Instantiate(ShadowStackPolicy.Separate);
        var call = Start("wait", bytes);
        Assert.Equal(1, await Start("end", bytes));
        await AssertUnharmed();
        Assert.Equal(Region + (2 * Size), await call.InTime());
    }

    [Theory]
    [InlineData(ShadowStackPolicy.Separate, Region + (2 * Size))]
    [InlineData(ShadowStackPolicy.Copy, Base)]
    [InlineData(ShadowStackPolicy.CopyOnConflict, Base - 32)]
    public async Task ACallWithinACallThatOverflowsGivesTheStackBackToTheOther(ShadowStackPolicy policy, int start)
    {
        Instantiate(policy, Bounded);
        var call = Start("nest", 8_000);
        Assert.False(call.IsCompleted);
        Gate(1).Open(0);
        Assert.Equal(start - 48, await call.InTime());
        await AssertUnharmed();
    }

    [Fact]
    public async Task ACallThatGivesWayToOthersFailsTooAndTheNextOnesWaitAsTheyShould()
    {
        Instantiate(ShadowStackPolicy.Separate);
        var spinning = Task.Run(() => Start("spin", Size + 1));
        _isSpinning.Wait();
        await Instance.GetFunction<Func<Task>>("quick")().InTime();
        Assert.Equal(TrapKind.CStackOverflow, (await Assert.ThrowsAsync<TrapException>(() => spinning.InTime())).Kind);

        // The engine uses the objects of both calls again.
        var next = Enumerable.Range(0, 3).Select(_ => Start("wait", 16)).ToList();
        Assert.Equal(4, _guest!.Store.Fibers.Count(fiber => (fiber.State, fiber.WaitsFor) == (FiberState.Suspended, "env.wait")));
        await AssertUnharmed();
        await Task.WhenAll(next).InTime();
    }

    [Fact]
    public async Task ACallThatNeedsFuelFailsTooAndTheNextOneDoesNotTakeItsTaskForFuel()
    {
        Instantiate(ShadowStackPolicy.Separate, usesFuel: true);
        Assert.Equal(TrapKind.CStackOverflow, Start("spin", Size + 1).Failed<TrapException>().Kind);
        _guest!.Store.Fuel = 1_000;
        var next = Start("wait", 16);
        Gate(0).Fail(new InvalidDataException("caught"));
        Assert.Equal(Region + (2 * Size), await next.InTime());
    }

    [Theory]
    [InlineData(ShadowStackPolicy.Copy, Bounded)]
    [InlineData(ShadowStackPolicy.CopyOnConflict, Bounded)]
    [InlineData(ShadowStackPolicy.Copy, """(global (export "__stack_low") i32 (i32.const 4096))""")]
    [InlineData(ShadowStackPolicy.CopyOnConflict, """(global (export "__stack_low") i32 (i32.const 4096))""")]
    public async Task ACallThatHasLeftTheModulesStackFailsWhereItsEndIsKnown(ShadowStackPolicy policy, string bounds)
    {
        Instantiate(policy, bounds);
        foreach (var name in new[] { "wait", "wait at a memory", "end" })
        {
            // The bystander has 32 bytes, which have to make way if they are not at home.
            var start = policy == ShadowStackPolicy.Copy ? Base : Base - 32;
            var trap = Start(name, start - 4096 + 1).Failed<TrapException>();
            Assert.Equal(TrapKind.CStackOverflow, trap.Kind);
            Assert.StartsWith(
                "C stack overflow (the stack pointer is 4095, and the C stack of the module begins at 4096: link the module with a larger stack)",
                trap.Message,
                StringComparison.Ordinal);
            Assert.Equal(start, Instance.GetGlobal("__stack_pointer").Value.AsI32());
            Assert.Equal(1, await Start("end", start - 4096));
        }

        Assert.Equal(0, Instance.GetMemory("memory").Notify(0));
        await AssertUnharmed();
    }

    [Theory]
    [InlineData(ShadowStackPolicy.Copy, "")]
    [InlineData(ShadowStackPolicy.CopyOnConflict, "")]
    [InlineData(ShadowStackPolicy.None, Bounded)]
    public async Task WhereNothingIsKnownOrWantedNothingIsSaid(ShadowStackPolicy policy, string bounds)
    {
        Instantiate(policy, bounds);
        var call = Start("wait", 5_000);
        Assert.False(call.IsCompleted);
        Gate(0).Open(0);
        Assert.True((await call.InTime()) > 0);
    }

    private void Instantiate(ShadowStackPolicy policy, string fields = "", bool usesFuel = false)
    {
        // A completed task then runs its continuation at once, on the same thread.
        SynchronizationContext.SetSynchronizationContext(null);
        var options = new StoreOptions
        {
            ShadowStack = policy,
            SeparateStackBytes = Size,
            TimeSlice = TimeSpan.FromMilliseconds(1),
            FuelSource = () => new ValueTask<long>(new TaskCompletionSource<long>().Task),
        };
        _guest = new Guest(options, new EngineOptions { UsesFuel = usesFuel });
        _guest.Store.Fuel = 1_000;
        _guest.Linker.Define("env", "wait", Task (int gate) => Gate(gate).Wait());
        _guest.Linker.Define("env", "spinning", _isSpinning.Set);
        _guest.Linker.Define("env", "nest", (int bytes) => Assert.Equal(TrapKind.CStackOverflow, Start("wait", bytes).Failed<TrapException>().Kind));
        _instance = _guest.Instantiate(Program + fields);
        _bystander = Start("wait", 32);
        Assert.False(_bystander.IsCompleted);
    }

    private async Task AssertUnharmed()
    {
        Assert.False(_bystander!.IsCompleted);
        Gate(0).Open(0);
        await _bystander.InTime();
        Assert.Empty(_guest!.Store.Fibers);
        Assert.Equal(Base, Instance.GetGlobal("__stack_pointer").Value.AsI32());
    }

    private Gate Gate(int number)
    {
        if (!_gates.TryGetValue(number, out var gate))
            _gates.Add(number, gate = new Gate());
        return gate;
    }

    private Task<int> Start(string name, int bytes) => Instance.GetFunction<Func<int, Task<int>>>(name)(bytes);
}
