namespace Fermata.Tests.Suspension;

/// <summary>One store runs one call at a time, on any thread; stores run in parallel (JSPI checklist, line 21, and the turn of a store).</summary>
public sealed class ThreadTests : IDisposable
{
    private const string Program = """
        (import "env" "enter" (func $enter)) (import "env" "leave" (func $leave))
        (func (export "f") (param i32) (result i32) (local $result i32)
          (call $enter) (call $leave)
          (local.set $result (call $wait (local.get 0)))
          (call $enter) (call $leave)
          (local.get $result))
        (func (export "g") (param i32) (result i32) (call $enter) (call $leave) (local.get 0))
        """;

    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public async Task CallsFromSeveralThreadsRunOneAtATime()
    {
        var inside = 0;
        var overlaps = 0;
        _guest.Linker.Define("env", "enter", () => { overlaps += Interlocked.Increment(ref inside) > 1 ? 1 : 0; });
        _guest.Linker.Define("env", "leave", () => { Interlocked.Decrement(ref inside); });
        _guest.Linker.AllowRedefinition = true;
        _guest.Linker.Define("env", "wait", async (int value) =>
        {
            await Task.Yield();
            return value;
        });
        var instance = _guest.Instantiate(Program);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(async () =>
        {
            var f = instance.GetFunction<Func<int, Task<int>>>("f");
            var g = instance.GetFunction<Func<int, int>>("g");
            for (var i = 0; i < 200; i++)
            {
                Assert.Equal(i, await f(i));
                Assert.Equal(i, g(i));
            }
        }))).InTime();
        Assert.Equal(0, overlaps);
    }

    [Fact]
    public async Task AThreadThatWaitsForItsTurnIsNotHeldUpByWhoAwaitsACall()
    {
        // The code that awaits a call wants the turn itself, on threads that run calls while they wait for their turn.
        for (var round = 0; round < 60; round++)
        {
            using var guest = new GatedGuest();
            guest.Linker.AllowRedefinition = true;
            guest.Linker.Define("env", "enter", () => { }).Define("env", "leave", () => { }).Define("env", "wait", async (int value) =>
            {
                await Task.Yield();
                return value;
            });
            var instance = guest.Instantiate(Program);
            var f = instance.GetFunction<Func<int, Task<int>>>("f");
            var g = instance.GetFunction<Func<int, int>>("g");
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < 10; i++)
                {
                    var calls = Enumerable.Range(0, 20).Select(CallTwice).ToArray();
                    for (var j = 0; j < 20; j++)
                        Assert.Equal(j, g(j));
                    await Task.WhenAll(calls);
                }
            }))).InTime();

            async Task CallTwice(int value) => Assert.Equal(value, g(await f(value)));
        }
    }

    [Fact]
    public async Task APromisingCallDoesNotHoldItsThreadWhileAnotherThreadRunsTheStore()
    {
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        _guest.Linker.Define("env", "enter", () =>
        {
            entered.Set();
            leave.Wait();
        });
        _guest.Linker.Define("env", "leave", () => { });
        var instance = _guest.Instantiate(Program);
        var busy = Task.Run(() => instance.GetFunction("g").Invoke(1));
        entered.Wait();
        var queued = instance.GetFunction<Func<int, Task<int>>>("g")(2);
        var waiting = Task.Run(() => instance.GetFunction("g").Invoke(3));
        Assert.False(queued.IsCompleted);
        Assert.False(busy.IsCompleted);
        leave.Set();
        Assert.Equal(2, await queued.InTime());
        Assert.Equal([1], await busy.InTime());
        Assert.Equal([3], await waiting.InTime());
    }

    [Fact]
    public async Task AThreadThatCompletesATaskIsNotKeptByCallsThatTakeTurns()
    {
        using var guest = new GatedGuest(options: new StoreOptions { TimeSlice = TimeSpan.FromMilliseconds(1) });
        using var source = new CancellationTokenSource();
        Func<CancellationToken, Task>? loop = null;
        List<Task> loops = [];

        // Another thread starts them, so that they are queued; then the call waits again, and the thread that resumed it finds them.
        guest.Linker.Define("env", "start", () =>
        {
            var thread = new Thread(() => loops.Add(loop!(source.Token)));
            thread.Start();
            thread.Join();
        });
        var instance = guest.Instantiate("""
            (import "env" "start" (func $start))
            (func (export "loop") (loop $again (br $again)))
            (func (export "f") (result i32) (drop (call $wait (i32.const 0))) (call $start) (call $start) (call $wait (i32.const 1)))
            """);
        loop = instance.GetFunction<Func<CancellationToken, Task>>("loop");
        var call = instance.GetFunction<Func<Task<int>>>("f")();

        await Task.Run(() => guest.Open(0)).InTime();

        Assert.Equal(2, loops.Count);
        Assert.All(loops, task => Assert.False(task.IsCompleted));
        await Task.Run(() => guest.Open(1)).InTime();
        Assert.Equal(1, await call.InTime());
        await source.CancelAsync();
        foreach (var task in loops)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task.InTime());
    }

    [Fact]
    public async Task StoresRunInParallel()
    {
        using var both = new Barrier(2);
        var tasks = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using var guest = new GatedGuest();
                guest.Linker.Define("env", "enter", () => Assert.True(both.SignalAndWait(TimeSpan.FromMinutes(5))));
                guest.Linker.Define("env", "leave", () => { });
                return guest.Instantiate(Program).GetFunction("g").Invoke(1);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        Assert.All(await Task.WhenAll(tasks).InTime(), results => Assert.Equal([1], results));
    }

    [Fact]
    public void WhoAwaitsACallMayUseTheStoreAtOnce()
    {
        _guest.Linker.Define("env", "enter", () => { });
        _guest.Linker.Define("env", "leave", () => { });
        var instance = _guest.Instantiate(Program);
        var f = instance.GetFunction<Func<int, Task<int>>>("f");
        var g = instance.GetFunction<Func<int, int>>("g");
        var continued = f(0).ContinueWith(
            task =>
            {
                var other = new Thread(() => g(1));
                other.Start();
                Assert.True(other.Join(TimeSpan.FromMinutes(5)), "The turn was not given back before the caller's code ran.");
                return g(task.Result);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        _guest.Open(0, 9);
        Assert.Equal(9, continued.Completed());
    }

    [Fact]
    public void AsynchronousLocalsOfTheCallerFollowTheCall()
    {
        var local = new AsyncLocal<string>();
        var seen = new List<string?>();
        _guest.Linker.Define("env", "enter", () => seen.Add(local.Value));
        _guest.Linker.Define("env", "leave", () => { });
        var f = _guest.Instantiate(Program).GetFunction<Func<int, Task<int>>>("f");
        local.Value = "first";
        var first = f(0);
        local.Value = "second";
        var second = f(1);
        local.Value = "neither";
        var other = new Thread(() =>
        {
            local.Value = "other thread";
            _guest.Open(1);
            Assert.Equal("other thread", local.Value);
        });
        other.Start();
        other.Join();
        _guest.Open(0);
        Assert.Equal("neither", local.Value);
        Assert.True(first.IsCompleted && second.IsCompleted);
        Assert.Equal(["first", "second", "second", "first"], seen);
    }

    [Fact]
    public void AResumptionDoesNotNeedTheSynchronizationContextOfTheCaller()
    {
        _guest.Linker.Define("env", "enter", () => { });
        _guest.Linker.Define("env", "leave", () => { });
        var f = _guest.Instantiate(Program).GetFunction<Func<int, Task<int>>>("f");
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new StuckContext());
        try
        {
            var task = f(0);
            _guest.Open(0, 4);
            Assert.Equal(4, task.Completed());
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>A user interface that is busy for ever.</summary>
    private sealed class StuckContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
