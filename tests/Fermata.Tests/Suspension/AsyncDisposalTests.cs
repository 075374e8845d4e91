namespace Fermata.Tests.Suspension;

/// <summary>Ends of stores that no thread waits for.</summary>
public sealed class AsyncDisposalTests : IDisposable
{
    private const string Program = """
        (import "env" "hold" (func $hold))
        (func (export "f") (param i32) (result i32) (call $wait (local.get 0)))
        (func (export "hold") (call $hold))
        (func (export "fail") (drop (call $wait (i32.const 0))) (unreachable))
        """;

    private readonly GatedGuest _guest = new();
    private readonly ManualResetEventSlim _isInside = new();
    private readonly ManualResetEventSlim _mayLeave = new();
    private readonly Instance _instance;
    private readonly Func<int, Task<int>> _f;

    public AsyncDisposalTests()
    {
        _guest.Linker.Define("env", "hold", () =>
        {
            _isInside.Set();
            _mayLeave.Wait();
        });
        _instance = _guest.Instantiate(Program);
        _f = _instance.GetFunction<Func<int, Task<int>>>("f");
    }

    public void Dispose()
    {
        _mayLeave.Set();
        _guest.Dispose();
        _isInside.Dispose();
        _mayLeave.Dispose();
    }

    [Fact]
    public void SuspendedCallsEndAtOnce()
    {
        var calls = new[] { _f(0), _f(1) };
        Assert.True(_guest.Store.DisposeAsync().AsTask().IsCompletedSuccessfully);
        Assert.All(calls, call => Assert.Equal(typeof(Store).FullName, call.Failed<ObjectDisposedException>().ObjectName));
        Assert.Throws<ObjectDisposedException>(() => _guest.Store.Fibers);
        Assert.True(_guest.Store.DisposeAsync().AsTask().IsCompletedSuccessfully);
        _guest.Store.Dispose();
    }

    [Fact]
    public async Task CodeThatRunsIsWaitedForWithoutAThread()
    {
        var suspended = _f(0);
        var holding = Hold();
        var disposing = _guest.Store.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted || suspended.IsCompleted);
        _mayLeave.Set();
        await disposing.InTime();
        Assert.Equal(typeof(Store).FullName, suspended.Failed<ObjectDisposedException>().ObjectName);
        await Task.WhenAny(holding).InTime();
        Assert.Throws<ObjectDisposedException>(() => _guest.Store.Fibers);
    }

    [Fact]
    public void AHostFunctionCannotDisposeTheStoreOfItsCall()
    {
        _guest.Linker.Define("env", "dispose", () => _guest.Store.DisposeAsync().AsTask());
        var call = _guest.Instantiate("""(import "env" "dispose" (func $dispose)) (func (export "f") (call $dispose))""").GetFunction<Func<Task>>("f")();
        Assert.Equal(
            "A store cannot be disposed by a host function that its own WebAssembly code called.", call.Failed<InvalidOperationException>().Message);
        Assert.Empty(_guest.Store.Fibers);
    }

    [Fact]
    public void DrainingWaitsForAllCallsAndEndsNone()
    {
        Assert.True(_guest.Store.DrainAsync().IsCompletedSuccessfully);
        var calls = new List<Task<int>> { _f(0), _f(1) };
        var failing = _instance.GetFunction<Func<Task>>("fail")();
        var draining = _guest.Store.DrainAsync();
        _guest.Open(0);
        Assert.Equal(TrapKind.Unreachable, failing.Failed<TrapException>().Kind);
        Assert.False(draining.IsCompleted);
        calls.Add(_f(2));
        _guest.Open(1);
        Assert.False(draining.IsCompleted);
        _guest.Open(2);
        Assert.True(draining.IsCompletedSuccessfully);
        Assert.Equal([0, 1, 2], calls.Select(call => call.Completed()));
    }

    [Fact]
    public async Task DrainingSeesCallsThatAreQueued()
    {
        var holding = Hold();
        var queued = _f(0);
        var draining = _guest.Store.DrainAsync();
        Assert.False(draining.IsCompleted);
        _mayLeave.Set();
        await holding.InTime();
        Assert.False(draining.IsCompleted);
        _guest.Open(0, 5);
        await draining.InTime();
        Assert.Equal(5, await queued.InTime());
    }

    [Fact]
    public async Task DrainingCanBeCancelled()
    {
        using var source = new CancellationTokenSource();
        var call = _f(0);
        var draining = _guest.Store.DrainAsync(source.Token);
        await source.CancelAsync();
        Assert.Equal(source.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => draining.InTime())).CancellationToken);
        Assert.False(call.IsCompleted);
    }

    [Fact]
    public async Task DrainingEndsWhenTheStoreIsDisposed()
    {
        var call = _f(0);
        var draining = _guest.Store.DrainAsync();
        _guest.Store.Dispose();
        call.Failed<ObjectDisposedException>();
        await draining.InTime();
        await _guest.Store.DrainAsync().InTime();
    }

    private Task Hold()
    {
        var holding = Task.Run(_instance.GetFunction<Action>("hold"));
        _isInside.Wait();
        return holding;
    }
}
