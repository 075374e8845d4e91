namespace Fermata.Tests.Hosting;

public sealed class SuspensionTests : IDisposable
{
    private const string Waits = """
        (import "env" "wait" (func $wait (param i32) (result i32)))
        (func (export "f") (param i32) (result i32) (i32.mul (call $wait (local.get 0)) (i32.const 2)))
        """;

    private readonly Guest _guest = new();

    private Linker Linker => _guest.Linker;

    public void Dispose() => _guest.Dispose();

    public static TheoryData<Func<TaskCompletionSource<int>, Delegate>, string> AsyncDelegates => new()
    {
        { gate => (int a) => gate.Task, "(param i32) (result i32)" },
        { gate => async (int a) => await gate.Task, "(param i32) (result i32)" },
        { gate => (int a) => new ValueTask<int>(gate.Task), "(param i32) (result i32)" },
        { gate => (int a) => (Task)gate.Task, "(param i32)" },
        { gate => (int a) => new ValueTask(gate.Task), "(param i32)" },
        { gate => async (int a) => (await gate.Task, "x", 1.5), "(param i32) (result i32 externref f64)" },
        { gate => async ValueTask<(long, int)> (int a) => (await gate.Task, 5), "(param i32) (result i64 i32)" },
        { gate => async Task<string> (Caller caller, int a, CancellationToken token) => $"{await gate.Task}", "(param i32) (result externref)" },
    };

    [Theory]
    [MemberData(nameof(AsyncDelegates), DisableDiscoveryEnumeration = true)]
    public async Task AnAsyncDelegateSuspendsUntilItsTaskIsComplete(Func<TaskCompletionSource<int>, Delegate> create, string type)
    {
        var gate = new TaskCompletionSource<int>();
        Linker.Define("env", "wait", create(gate));
        var instance = _guest.Instantiate($"""
            (import "env" "wait" (func $wait {type}))
            (func (export "f") {type} (call $wait (local.get 0)))
            """);
        var function = instance.GetFunction("f");
        var task = function.InvokeAsync(1);
        Assert.False(task.IsCompleted);
        gate.SetResult(42);
        var suspended = await task;
        var direct = function.InvokeAsync(1);
        Assert.True(direct.IsCompleted);
        Assert.Equal(suspended.Select(value => value.ToString()), (await direct).Select(value => value.ToString()));
        Assert.Equal(function.Type.Results.Count, suspended.Length);
    }

    [Fact]
    public async Task AlwaysSuspendSuspendsEvenIfTheTaskIsComplete()
    {
        using var guest = new Guest(new StoreOptions { AlwaysSuspend = true });
        guest.Linker.Define("env", "wait", (int a) => Task.FromResult(a));
        var function = guest.Instantiate(Waits).GetFunction<Func<int, Task<int>>>("f");
        for (var i = 0; i < 100; i++)
            Assert.Equal(2 * i, await function(i));
    }

    [Fact]
    public async Task ManyCallsWaitAtOnceAndGoOnInAnyOrder()
    {
        var gates = Enumerable.Range(0, 200).Select(_ => new TaskCompletionSource<int>()).ToArray();
        Linker.Define("env", "wait", (int a) => gates[a].Task);
        var function = _guest.Instantiate(Waits).GetFunction<Func<int, Task<int>>>("f");
        var tasks = Enumerable.Range(0, gates.Length).Select(function).ToArray();
        var order = Enumerable.Range(0, gates.Length).ToArray();
        new Random(1).Shuffle(order);
        foreach (var i in order)
        {
            Assert.False(tasks[i].IsCompleted);
            gates[i].SetResult(i);
            Assert.Equal(2 * i, await tasks[i]);
        }
    }

    [Fact]
    public void ACallThatIsNotPromisingDoesNotReachTheDelegate()
    {
        var called = false;
        Linker.Define("env", "wait", (int a) => { called = true; return Task.FromResult(a); });
        var instance = _guest.Instantiate(Waits);
        var error = Assert.Throws<SuspendException>(() => instance.GetFunction("f").Invoke(1));
        Assert.Throws<SuspendException>(() => instance.GetFunction<Func<int, int>>("f")(1));
        Assert.Contains("env.wait", error.Message, StringComparison.Ordinal);
        Assert.Contains("InvokeAsync", error.Message, StringComparison.Ordinal);
        Assert.Null(error.HostFunction);
        Assert.False(called);
    }

    [Fact]
    public async Task AHostFunctionInBetweenIsNamed()
    {
        Linker.Define("env", "wait", (int a) => Task.FromResult(a));
        Linker.Define("env", "trampoline", (Caller caller, int a) => caller.GetFunction("f").Invoke(a)[0].AsI32());
        var instance = _guest.Instantiate("""
            (import "env" "wait" (func $wait (param i32) (result i32)))
            (import "env" "trampoline" (func $trampoline (param i32) (result i32)))
            (func (export "f") (param i32) (result i32) (call $wait (local.get 0)))
            (func (export "g") (param i32) (result i32) (call $trampoline (local.get 0)))
            """);
        var error = await Assert.ThrowsAsync<SuspendException>(() => instance.GetFunction("g").InvokeAsync(1));
        Assert.Equal("env.trampoline", error.HostFunction);
        Assert.Contains("env.trampoline", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await instance.GetFunction("f").InvokeAsync(1))[0].AsI32());
    }

    [Fact]
    public async Task AnAsyncHostFunctionIsNoBarrier()
    {
        var gate = new TaskCompletionSource<int>();
        Linker.Define("env", "wait", (int a) => gate.Task);
        Linker.Define("env", "through", async (Caller caller, int a) => (await caller.GetFunction("f").InvokeAsync(a))[0].AsI32() + 1);
        var instance = _guest.Instantiate("""
            (import "env" "wait" (func $wait (param i32) (result i32)))
            (import "env" "through" (func $through (param i32) (result i32)))
            (func (export "f") (param i32) (result i32) (call $wait (local.get 0)))
            (func (export "g") (param i32) (result i32) (i32.mul (call $through (local.get 0)) (i32.const 10)))
            """);
        var task = instance.GetFunction<Func<int, Task<int>>>("g")(1);
        Assert.False(task.IsCompleted);
        gate.SetResult(4);
        Assert.Equal(50, await task);
    }

    [Fact]
    public async Task AFailedTaskThrowsItsExceptionInTheCall()
    {
        var gate = new TaskCompletionSource<int>();
        Linker.Define("env", "wait", (int a) => gate.Task);
        var function = _guest.Instantiate(Waits).GetFunction<Func<int, Task<int>>>("f");
        var suspended = function(1);
        gate.SetException(new FormatException("no"));
        Assert.Equal("no", (await Assert.ThrowsAsync<FormatException>(() => suspended)).Message);
        await Assert.ThrowsAsync<FormatException>(() => function(1));
    }

    [Fact]
    public async Task ACancelledTaskCancelsTheCall()
    {
        var gate = new TaskCompletionSource<int>();
        Linker.Define("env", "wait", (int a) => gate.Task);
        var task = _guest.Instantiate(Waits).GetFunction<Func<int, Task<int>>>("f")(1);
        gate.SetCanceled();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.True(task.IsCanceled);
    }

    [Fact]
    public async Task AResultThatDoesNotFitIsAnErrorAtTheCall()
    {
        var gate = new TaskCompletionSource<object?>();
        Linker.Define("env", "wait", () => gate.Task);
        var function = _guest.Instantiate("""
            (import "env" "wait" (func $wait (result (ref extern))))
            (func (export "f") (drop (call $wait)))
            """).GetFunction("f");
        var suspended = function.InvokeAsync();
        gate.SetResult(null);
        await Assert.ThrowsAsync<InvalidCastException>(() => suspended);
        await Assert.ThrowsAsync<InvalidCastException>(() => function.InvokeAsync());
    }

    [Fact]
    public async Task ANullTaskIsAnError()
    {
        Linker.Define("env", "wait", (int a) => (Task<int>)null!);
        var function = _guest.Instantiate(Waits).GetFunction("f");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => function.InvokeAsync(1));
        Assert.Contains("env.wait", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancellationEndsASuspendedCallAndReachesTheHostFunction()
    {
        using var source = new CancellationTokenSource();
        var seen = CancellationToken.None;
        Linker.Define("env", "wait", (int a, CancellationToken token) =>
        {
            seen = token;
            return new TaskCompletionSource<int>().Task;
        });
        var instance = _guest.Instantiate(Waits);
        var typed = instance.GetFunction<Func<int, CancellationToken, Task<int>>>("f")(1, source.Token);
        var untyped = instance.GetFunction("f").InvokeAsync([1], source.Token);
        Assert.Equal(source.Token, seen);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => typed);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => untyped);
        Assert.True(typed.IsCanceled);

        // What is cancelled already does not start.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => instance.GetFunction("f").InvokeAsync([1], source.Token));
    }

    [Fact]
    public async Task APromisingCallOfAHostFunctionIsRefused()
    {
        var function = Function.Create(_guest.Store, () => { });
        var task = function.InvokeAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => task);
        Assert.Throws<InvalidOperationException>(() => function.As<Func<Task>>());
        function.As<Action>()();
    }

    [Fact]
    public async Task ACallThatNeverSuspendsIsACompletedTask()
    {
        var function = _guest.Instantiate("""(func (export "f") (result i32) (i32.const 3))""").GetFunction("f");
        Assert.True(function.InvokeAsync().IsCompletedSuccessfully);
        Assert.Equal(3, await function.As<Func<ValueTask<int>>>()());
    }

    [Fact]
    public async Task CallsFromManyThreadsTakeTurns()
    {
        Linker.Define("env", "wait", async (int a) =>
        {
            await Task.Yield();
            return a;
        });
        var instance = _guest.Instantiate("""
            (import "env" "wait" (func $wait (param i32) (result i32)))
            (global $n (mut i32) (i32.const 0))
            (func (export "count") (param i32 externref) (result i32 externref)
              (local $i i32)
              (loop $again
                (global.set $n (i32.add (global.get $n) (call $wait (i32.const 1))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $i) (local.get 0))))
              (local.get $i) (local.get 1))
            (func (export "sync") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
            (func (export "total") (result i32) (global.get $n))
            """);
        var count = instance.GetFunction<Func<int, object, Task<(int, object)>>>("count");
        var sync = instance.GetFunction<Func<int, int>>("sync");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                Assert.Equal((10, (object)$"{thread}"), await count(10, $"{thread}"));
                Assert.Equal(i + 1, sync(i));
            }
        })));

        // Each addition reads the global before it waits, so some are lost: that is the guest's affair.
        Assert.InRange(instance.GetFunction<Func<int>>("total")(), 1, 2000);
    }

    [Fact]
    public async Task ACallThatWaitsForItsTurnKeepsTheAsynchronousLocalsOfItsCaller()
    {
        var local = new AsyncLocal<string>();
        using var isInside = new ManualResetEventSlim();
        using var mayLeave = new ManualResetEventSlim();
        Linker.Define("env", "block", () =>
        {
            isInside.Set();
            mayLeave.Wait();
        });
        Linker.Define("env", "read", () => local.Value);
        var instance = _guest.Instantiate("""
            (import "env" "block" (func $block))
            (import "env" "read" (func $read (result externref)))
            (func (export "block") (call $block))
            (func (export "read") (param i32) (result externref i32) (call $read) (local.get 0))
            """);
        var blocking = Task.Run(instance.GetFunction<Action>("block"));
        isInside.Wait();
        local.Value = "mine";
        var reading = instance.GetFunction<Func<int, Task<(string, int)>>>("read")(7);
        local.Value = "changed";
        Assert.False(reading.IsCompleted);
        mayLeave.Set();
        await blocking;
        Assert.Equal(("mine", 7), await reading);
    }

    [Fact]
    public async Task NothingIsKeptAliveByACallThatEnded()
    {
        Linker.Define("env", "wait", async (object thing) =>
        {
            await Task.Yield();
            return thing;
        });
        var same = _guest.Instantiate("""
            (import "env" "wait" (func $wait (param externref) (result externref)))
            (func (export "same") (param externref) (result externref) (call $wait (local.get 0)))
            """).GetFunction<Func<object, Task<object>>>("same");
        var reference = await CallAndForget(same);

        // The thread that has ended the call may still be on its way out.
        var end = DateTime.UtcNow.AddMinutes(1);
        while (reference.IsAlive && DateTime.UtcNow < end)
        {
            GC.Collect();
            await Task.Delay(1);
        }

        Assert.False(reference.IsAlive);
    }

    private static async Task<WeakReference> CallAndForget(Func<object, Task<object>> same)
    {
        var thing = new object();
        Assert.Same(thing, await same(thing));
        return new WeakReference(thing);
    }

    [Fact]
    public async Task WaitingInALoopMakesNoGarbageOfItsOwn()
    {
        var source = new Signal();
        Linker.Define("env", "wait", () => source.Wait());
        var task = _guest.Instantiate("""
            (import "env" "wait" (func $wait (result i32)))
            (func (export "f") (result i32)
              (local $sum i32) (local $i i32)
              (loop $again
                (local.set $sum (i32.add (call $wait) (local.get $sum)))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $i) (i32.const 10000))))
              (local.get $sum))
            """).GetFunction<Func<Task<int>>>("f")();
        for (var i = 0; i < 5000; i++)
            source.Complete(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 5000; i++)
            source.Complete(1);
        var perWait = (GC.GetAllocatedBytesForCurrentThread() - before) / 5000;
        Assert.Equal(10000, await task);
        Assert.InRange(perWait, 0, 8);
    }

    private sealed class Signal : System.Threading.Tasks.Sources.IValueTaskSource<int>
    {
        private System.Threading.Tasks.Sources.ManualResetValueTaskSourceCore<int> _core;

        public ValueTask<int> Wait()
        {
            _core.Reset();
            return new ValueTask<int>(this, _core.Version);
        }

        public void Complete(int value) => _core.SetResult(value);

        public int GetResult(short token) => _core.GetResult(token);

        public System.Threading.Tasks.Sources.ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(
            Action<object?> continuation, object? state, short token, System.Threading.Tasks.Sources.ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
