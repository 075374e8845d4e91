namespace Fermata.Tests.Suspension;

/// <summary>Calls that nobody wants any more (JSPI checklist, line 25); those that run are in <see cref="InterruptionTests"/>.</summary>
public sealed class CancellationTests : IDisposable
{
    private const string Program = """
        (func $inner (param i32) (result i32) (i32.mul (call $wait (local.get 0)) (i32.const 2)))
        (func (export "f") (param i32) (result i32) (i32.add (call $inner (local.get 0)) (i32.const 1)))
        """;

    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void ASuspendedCallEndsAtOnceAndTheStoreStaysUsable()
    {
        using var source = new CancellationTokenSource();
        var instance = _guest.Instantiate(Program);
        var f = instance.GetFunction<Func<int, CancellationToken, Task<int>>>("f");
        var cancelled = f(0, source.Token);
        var untyped = instance.GetFunction("f").InvokeAsync([0], source.Token);
        var other = f(0, CancellationToken.None);
        source.Cancel();
        Assert.True(cancelled.IsCanceled);
        Assert.True(untyped.IsCanceled);
        var failure = Assert.ThrowsAny<OperationCanceledException>(() => cancelled.GetAwaiter().GetResult());
        Assert.Equal(source.Token, failure.CancellationToken);
        Assert.False(other.IsCompleted);

        // The import's task goes on; it has one waiter less.
        _guest.Open(0, 20);
        Assert.Equal(41, other.Completed());
        Assert.Equal(41, f(0, CancellationToken.None).Completed());
    }

    [Fact]
    public void WhatIsCancelledAlreadyDoesNotStart()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var f = _guest.Instantiate(Program).GetFunction<Func<int, CancellationToken, Task<int>>>("f");
        Assert.True(f(0, source.Token).IsCanceled);
        Assert.Equal(0, _guest.Waits);
    }

    [Fact]
    public void ACancellationAfterTheEndChangesNothing()
    {
        using var source = new CancellationTokenSource();
        var f = _guest.Instantiate(Program).GetFunction<Func<int, CancellationToken, Task<int>>>("f");
        var task = f(0, source.Token);
        _guest.Open(0, 1);
        source.Cancel();
        Assert.Equal(3, task.Completed());
    }

    [Fact]
    public async Task ACallCancelledInAHostFunctionEndsWhenThatReturns()
    {
        using var source = new CancellationTokenSource();
        _guest.Linker.Define("env", "cancel", () => source.Cancel());
        var f = _guest.Instantiate("""
            (import "env" "cancel" (func $cancel))
            (func (export "f") (result i32) (call $cancel) (call $wait (i32.const 0)))
            """).GetFunction<Func<CancellationToken, Task<int>>>("f");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => f(source.Token).InTime());
        Assert.Equal(0, _guest.Waits);
    }

    [Fact]
    public void AnImportGetsTheTokenOfThePromisingCallAroundIt()
    {
        using var source = new CancellationTokenSource();
        var tokens = new List<CancellationToken>();
        _guest.Linker.Define("env", "ask", (int a, CancellationToken token) =>
        {
            tokens.Add(token);
            return _guest.Gate(a).Wait().WaitAsync(token);
        });
        var f = _guest.Instantiate("""
            (import "env" "ask" (func $ask (param i32) (result i32)))
            (func (export "f") (param i32) (result i32) (i32.add (call $ask (local.get 0)) (call $ask (local.get 0))))
            """).GetFunction<Func<int, CancellationToken, Task<int>>>("f");
        var with = f(0, source.Token);
        var without = f(0, CancellationToken.None);
        _ = f(1, source.Token);
        _guest.Open(0, 4);
        Assert.Equal([8, 8], [with.Completed(), without.Completed()]);
        Assert.Equal(3, tokens.Count(token => token == source.Token));
        Assert.Equal(2, tokens.Count(token => !token.CanBeCanceled));
    }

    [Fact]
    public void ANestedCallIsCancelledThroughItsOwnToken()
    {
        using var source = new CancellationTokenSource();
        _guest.Linker.Define("env", "back", async (Caller caller, int a, CancellationToken token) =>
            await caller.GetFunction("inner").As<Func<int, CancellationToken, Task<int>>>()(a, token));
        var f = _guest.Instantiate("""
            (import "env" "back" (func $back (param i32) (result i32)))
            (func (export "inner") (param i32) (result i32) (call $wait (local.get 0)))
            (func (export "f") (param i32) (result i32) (call $back (local.get 0)))
            """).GetFunction<Func<int, CancellationToken, Task<int>>>("f");
        var task = f(0, source.Token);
        Assert.False(task.IsCompleted);
        source.Cancel();
        Assert.True(task.IsCanceled);
        var again = f(1, CancellationToken.None);
        _guest.Open(1, 6);
        Assert.Equal(6, again.Completed());
    }

    [Fact]
    public async Task ACancellationThatCompletesTheAwaitedTaskEndsTheCallAllTheSame()
    {
        // The token runs the last callback first: the call would go on in it, for ever, before it is told itself.
        using var source = new CancellationTokenSource();
        _guest.Linker.Define("env", "wait for the end", (CancellationToken token) =>
        {
            var end = new TaskCompletionSource();
            token.Register(end.SetResult);
            return end.Task;
        });
        var f = _guest.Instantiate("""
            (import "env" "wait for the end" (func $wait_for_the_end))
            (func (export "f") (call $wait_for_the_end) (loop $forever (br $forever)))
            """).GetFunction<Func<CancellationToken, Task>>("f");
        var call = f(source.Token);
        Assert.False(call.IsCompleted);
        await Task.Run(source.Cancel).InTime();
        Assert.True(call.IsCanceled);
    }

    [Fact]
    public void HalfOfManyCallsAreCancelledAndTheOthersAreRight()
    {
        using var source = new CancellationTokenSource();
        var f = _guest.Instantiate(Program).GetFunction<Func<int, CancellationToken, Task<int>>>("f");
        var tasks = Enumerable.Range(0, 2000).Select(i => f(i, i % 2 == 0 ? source.Token : CancellationToken.None)).ToArray();
        for (var i = 0; i < 500; i++)
            _guest.Open(i);
        source.Cancel();
        for (var i = 500; i < 2000; i++)
            _guest.Open(i);
        for (var i = 0; i < 2000; i++)
        {
            if (i >= 500 && i % 2 == 0)
                Assert.True(tasks[i].IsCanceled);
            else
                Assert.Equal(2 * i + 1, tasks[i].Completed());
        }
    }

    [Fact]
    public void ACallInALoopIsCancelledBetweenTwoOfItsWaits()
    {
        using var source = new CancellationTokenSource();
        var f = _guest.Instantiate("""
            (func (export "f") (result i32) (local $i i32)
              (loop $again
                (local.set $i (i32.add (call $wait (local.get $i)) (i32.const 1)))
                (br $again))
              unreachable)
            """).GetFunction<Func<CancellationToken, Task<int>>>("f");
        var task = f(source.Token);
        for (var i = 0; i < 100; i++)
            _guest.Open(i);
        source.Cancel();
        Assert.True(task.IsCanceled);
        _guest.Open(100);
        Assert.Equal(101, _guest.Waits);
    }

    [Fact]
    public async Task CancellationAndCompletionAtTheSameTimeGiveOneOfTheTwo()
    {
        var f = _guest.Instantiate(Program).GetFunction<Func<int, CancellationToken, Task<int>>>("f");
        using var start = new Barrier(2);
        for (var round = 0; round < 300; round++)
        {
            using var source = new CancellationTokenSource();
            var task = f(round, source.Token);
            var cancelling = Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    source.Cancel();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            start.SignalAndWait();
            _guest.Open(round);
            await cancelling.InTime();
            try
            {
                Assert.Equal(2 * round + 1, await task.InTime());
            }
            catch (OperationCanceledException exception)
            {
                Assert.Equal(source.Token, exception.CancellationToken);
            }
        }

        Assert.Equal(1, f(0, CancellationToken.None).Completed());
    }
}
