namespace Fermata.Tests.Suspension;

/// <summary>Start functions that wait.</summary>
public sealed class StartFunctionTests : IDisposable
{
    private const string Import = """(import "env" "wait" (func $wait (param i32) (result i32)))""";

    private const string Program = Import + """
        (global $value (mut i32) (i32.const -1))
        (func $start (global.set $value (i32.add (call $wait (i32.const 0)) (call $wait (i32.const 1)))))
        (start $start)
        (func (export "value") (result i32) (global.get $value))
        """;

    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheInstanceIsThereWhenItsStartFunctionHasEnded(bool suspendsEverywhere)
    {
        using var guest = new GatedGuest(suspendsEverywhere);
        var starting = Start(guest, Program);
        guest.Open(0, 30);
        Assert.False(starting.IsCompleted);
        guest.Open(1, 12);
        Assert.Equal(42, starting.Completed().GetFunction<Func<int>>("value")());
    }

    [Fact]
    public void OtherCallsOfTheStoreRunMeanwhile()
    {
        using var bystander = new Bystander();
        var first = Start(bystander.Guest, Program);
        var second = Start(bystander.Guest, Program);
        Assert.Equal(["start", "start"], bystander.Guest.Store.Fibers.Select(fiber => fiber.Function.Name).Where(name => name == "start"));
        var instance = bystander.Guest.Instantiate("""(func (export "f") (param i32) (result i32) (call $wait (local.get 0)))""");
        Assert.Equal(5, instance.GetFunction<Func<int, Task<int>>>("f")(Opened(5)).Completed());
        bystander.Guest.Open(1, 12);
        bystander.Guest.Open(0, 30);
        Assert.Equal(42, first.Completed().GetFunction<Func<int>>("value")());
        Assert.Equal(42, second.Completed().GetFunction<Func<int>>("value")());
        bystander.AssertUnharmed();

        int Opened(int gate)
        {
            bystander.Guest.Open(gate);
            return gate;
        }
    }

    [Fact]
    public void WithoutAStartFunctionNothingIsWaitedFor() =>
        Assert.Equal(7, Start(_guest, """(func (export "f") (result i32) (i32.const 7))""").Completed().GetFunction<Func<int>>("f")());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AStartFunctionMayBeAHostFunctionItself(bool isFree)
    {
        Func<Task> start = async () => Assert.Equal(3, await _guest.Gate(0).Wait());
        if (isFree)
            _guest.Linker.Define("env", "start", Function.Create(_guest.Store, start, "env.start"));
        else
            _guest.Linker.Define("env", "start", start);
        var starting = Start(_guest, """(import "env" "start" (func $start)) (start $start)""");
        Assert.Equal(("env.start", "env.start", 0), _guest.Store.Fibers.Select(fiber => (fiber.Function.Name, fiber.WaitsFor, fiber.WasmStack.Count)).Single());
        _guest.Open(0, 3);
        Assert.NotNull(starting.Completed());
    }

    [Fact]
    public void AStartFunctionOfTheHostMayFail()
    {
        var failure = new TimeoutException();
        _guest.Linker.Define("env", "start", async () =>
        {
            await _guest.Gate(0).Wait();
            throw failure;
        });
        var starting = Start(_guest, """(import "env" "start" (func $start)) (start $start)""");
        _guest.Open(0);
        Assert.Same(failure, starting.Failed<TimeoutException>());
    }

    [Fact]
    public void WhatKeepsTheInstanceFromBeingMadeFailsTheTask()
    {
        var missing = Start(_guest, """(import "env" "none" (func))""").Failed<LinkException>();
        Assert.Equal("none", missing.FieldName);
        var trap = Start(_guest, """(memory 0) (data (i32.const 0) "no room")""").Failed<MemoryTrapException>();
        Assert.Equal(TrapKind.OutOfBoundsMemoryAccess, trap.Kind);
        var starting = Start(_guest, Import + """(func $start (drop (call $wait (i32.const 0))) (unreachable)) (start $start)""");
        _guest.Open(0);
        Assert.Equal(TrapKind.Unreachable, starting.Failed<TrapException>().Kind);
        _guest.Store.Dispose();
        Assert.Equal(typeof(Store).FullName, Start(_guest, "(module)").Failed<ObjectDisposedException>().ObjectName);
    }

    [Fact]
    public void AStartFunctionThatWaitsCanBeCancelled()
    {
        using var source = new CancellationTokenSource();
        var starting = Start(_guest, Program, source.Token);
        Assert.False(starting.IsCompleted);
        source.Cancel();
        Assert.Equal(source.Token, starting.Failed<OperationCanceledException>().CancellationToken);
        Assert.True(starting.IsCanceled);
        Assert.Empty(_guest.Store.Fibers);
    }

    [Fact]
    public void WhatIsCancelledAlreadyMakesNoInstance()
    {
        var limits = new StoreLimits { MaxInstances = 0 };
        using var guest = new GatedGuest(options: new StoreOptions { Limiter = limits });
        var starting = Start(guest, "(module)", new CancellationToken(true));
        Assert.True(starting.IsCanceled);
    }

    [Fact]
    public void DisposingTheStoreEndsAStartFunctionThatWaits()
    {
        var starting = Start(_guest, Program);
        _guest.Store.Dispose();
        Assert.Equal(typeof(Store).FullName, starting.Failed<ObjectDisposedException>().ObjectName);
    }

    [Fact]
    public async Task NoThreadWaitsForTheTurn()
    {
        using var isInside = new ManualResetEventSlim();
        using var mayLeave = new ManualResetEventSlim();
        _guest.Linker.Define("env", "hold", () =>
        {
            isInside.Set();
            mayLeave.Wait();
        });
        var hold = _guest.Linker.Instantiate(
            _guest.Store, Module.Parse(_guest.Engine, """(import "env" "hold" (func $hold)) (func (export "hold") (call $hold))""")).GetFunction<Action>("hold");
        var holding = Task.Run(hold);
        isInside.Wait();
        var local = new AsyncLocal<string> { Value = "caller" };
        string? seen = null;
        _guest.Linker.Define("env", "look", () => { seen = local.Value; });
        var starting = Start(_guest, Import + """(import "env" "look" (func $look)) (func $start (call $look) (drop (call $wait (i32.const 0)))) (start $start)""");
        var wrong = Start(_guest, """(memory 0) (data (i32.const 0) "no room")""");
        Assert.False(starting.IsCompleted || wrong.IsCompleted);
        Assert.Null(seen);
        _guest.Open(0);
        mayLeave.Set();
        Assert.NotNull(await starting.InTime());
        Assert.Equal("caller", seen);
        await Assert.ThrowsAsync<MemoryTrapException>(() => wrong.InTime());
        await holding.InTime();
    }

    [Fact]
    public void AModuleIsInstantiatedWithAListOfImportsInTheSameWay()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var starting = Module.Parse(_guest.Engine, Program).InstantiateAsync(_guest.Store, [(int gate) => _guest.Gate(gate).Wait()]);
        _guest.Open(0, 30);
        Assert.False(starting.IsCompleted);
        _guest.Open(1, 12);
        Assert.Equal(42, starting.Completed().GetFunction<Func<int>>("value")());
    }

    [Fact]
    public void ASynchronousStartIsToldOfTheAsynchronousOne()
    {
        var error = Assert.Throws<SuspendException>(() => _guest.Linker.Instantiate(_guest.Store, Module.Parse(_guest.Engine, Program)));
        Assert.Equal(
            "env.wait may have to wait, but it was called by a start function that cannot be suspended: make the instance with InstantiateAsync.", error.Message);
        Assert.Null(error.HostFunction);
        var export = _guest.Instantiate("""(func (export "f") (result i32) (call $wait (i32.const 0)))""").GetFunction<Func<int>>("f");
        Assert.EndsWith(
            "by a call that is not promising: call the export with InvokeAsync, or through a delegate that returns a task.",
            Assert.Throws<SuspendException>(() => export()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AHostFunctionThatMakesAnInstanceIsToldToo()
    {
        var module = Module.Parse(_guest.Engine, Program);
        _guest.Linker.Define("env", "make", () => { _guest.Linker.Instantiate(_guest.Store, module); });
        _guest.Linker.Define("env", "call", (Caller caller) => { caller.GetFunction("inner").Invoke(); });
        var instance = _guest.Instantiate("""
            (import "env" "make" (func $make))
            (import "env" "call" (func $call))
            (func (export "make") (call $make))
            (func (export "call") (call $call))
            (func (export "inner") (drop (call $wait (i32.const 0))))
            """);
        var error = instance.GetFunction<Func<Task>>("make")().Failed<SuspendException>();
        Assert.Equal("env.make", error.HostFunction);
        Assert.EndsWith("let it make the instance with InstantiateAsync, and return a task itself.", error.Message, StringComparison.Ordinal);
        error = instance.GetFunction<Func<Task>>("call")().Failed<SuspendException>();
        Assert.EndsWith("let it call the export with InvokeAsync, and return a task itself.", error.Message, StringComparison.Ordinal);
    }

    private static Task<Instance> Start(GatedGuest guest, string text, CancellationToken cancellationToken = default)
    {
        // As in GatedGuest.
        SynchronizationContext.SetSynchronizationContext(null);
        return guest.Linker.InstantiateAsync(guest.Store, Module.Parse(guest.Engine, text, CancellationToken.None), cancellationToken);
    }
}
