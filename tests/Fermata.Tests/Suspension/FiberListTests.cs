namespace Fermata.Tests.Suspension;

/// <summary>What a store tells of its calls.</summary>
public sealed class FiberListTests : IDisposable
{
    private const string Program = """
        (import "env" "look" (func $look))
        (func $inner (param i32) (result i32) (call $wait (local.get 0)))
        (func $outer (export "run") (param i32) (result i32)
          (i32.add (call $inner (local.get 0)) (call $wait (i32.const 9))))
        (func (export "look") (call $look) (drop (call $inner (i32.const 8))) (call $look))
        """;

    private readonly GatedGuest _guest = new();
    private readonly Instance _instance;
    private readonly List<IReadOnlyList<FiberInfo>> _looks = [];

    public FiberListTests()
    {
        _guest.Linker.Define("env", "look", () => _looks.Add(_guest.Store.Fibers));
        _instance = _guest.Instantiate(Program);
    }

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void SuspendedCallsTellWhereTheyAreAndWhatTheyWaitFor()
    {
        var run = _instance.GetFunction<Func<int, Task<int>>>("run");
        var calls = new[] { run(1), run(2) };
        var fibers = _guest.Store.Fibers;
        Assert.Equal(2, fibers.Count);
        Assert.True(fibers[0].Id < fibers[1].Id);
        Assert.All(fibers, fiber =>
        {
            Assert.Equal(_instance.GetFunction("run"), fiber.Function);
            Assert.Equal(FiberState.Suspended, fiber.State);
            Assert.Equal("env.wait", fiber.WaitsFor);
            Assert.True(fiber.WaitingTime >= TimeSpan.Zero);
            Assert.Equal(["inner", "outer"], fiber.WasmStack.Select(frame => frame.FunctionName));
        });

        _guest.Open(1, 100);
        Assert.Equal([["outer"], ["inner", "outer"]], _guest.Store.Fibers.Select(fiber => fiber.WasmStack.Select(frame => frame.FunctionName!)));

        _guest.Open(9, 1);
        var last = Assert.Single(_guest.Store.Fibers);
        Assert.Equal(fibers[1].Id, last.Id);
        _guest.Open(2, 200);
        Assert.Empty(_guest.Store.Fibers);
        Assert.Equal([101, 201], calls.Select(call => call.Completed()));
    }

    [Fact]
    public void AHostFunctionSeesTheCallThatRunsAndItsSavedFrames()
    {
        var call = _instance.GetFunction<Func<Task>>("look")();
        _guest.Open(8);
        Assert.True(call.IsCompletedSuccessfully);
        Assert.Equal(2, _looks.Count);
        Assert.All(_looks, look =>
        {
            var fiber = Assert.Single(look);
            Assert.Equal(FiberState.Running, fiber.State);
            Assert.Null(fiber.WaitsFor);
            Assert.Equal(TimeSpan.Zero, fiber.WaitingTime);
            Assert.Empty(fiber.WasmStack);
        });
        Assert.Empty(_guest.Store.Fibers);
    }

    [Fact]
    public void ACallThatWaitsForItsFirstTurnIsQueued()
    {
        FiberInfo[] queued = [];
        _guest.Linker.Define("env", "start", (Caller caller) =>
        {
            var run = caller.GetFunction("run").As<Func<int, Task<int>>>();
            var started = Task.Run(() => run(1).IsCompleted);
            Assert.False(started.InTime().GetAwaiter().GetResult());
            queued = [.. _guest.Store.Fibers];
        });
        _guest.Instantiate("""
            (import "env" "start" (func $start))
            (func (export "run") (param i32) (result i32) (call $wait (local.get 0)))
            (func (export "start") (call $start))
            """).GetFunction<Action>("start")();
        var fiber = Assert.Single(queued);
        Assert.Equal((FiberState.Queued, null, "run"), (fiber.State, fiber.WaitsFor, fiber.Function.Name));
        Assert.Empty(fiber.WasmStack);
    }

    [Fact]
    public void ACancelledCallIsGoneThoughItsTaskGoesOn()
    {
        using var source = new CancellationTokenSource();
        var call = _instance.GetFunction<Func<int, CancellationToken, Task<int>>>("run")(1, source.Token);
        Assert.Single(_guest.Store.Fibers);
        source.Cancel();
        Assert.True(call.IsCanceled);
        Assert.Empty(_guest.Store.Fibers);
    }

    [Fact]
    public void ManyCallsAreAllListedAndForgottenWhenTheyEnd()
    {
        var run = _instance.GetFunction<Func<int, Task<int>>>("run");
        var calls = Enumerable.Range(1_000, 500).Select(run).ToArray();
        Assert.Equal(500, _guest.Store.Fibers.Count);
        _guest.Open(9, 0);
        for (var i = 1_000; i < 1_250; i++)
            _guest.Open(i);
        Assert.Equal(250, _guest.Store.Fibers.Count);
        Assert.Equal(1_000, calls[0].Completed());
        calls = [.. Enumerable.Range(2_000, 500).Select(run)];
        Assert.Equal(750, _guest.Store.Fibers.Count);
    }

    [Fact]
    public void ADisposedStoreHasNoList()
    {
        _guest.Store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _guest.Store.Fibers);
    }
}
