namespace Fermata.Tests.Snapshots;

/// <summary>When snapshots are made: what they wait for, what they interrupt, and what they end.</summary>
public sealed class SnapshotTurnTests
{
    private const string TwoWaits =
        """
        (import "env" "wait" (func $wait (param i32) (result i32)))
        (func (export "two") (result i32)
          (i32.add (call $wait (i32.const 1)) (call $wait (i32.const 2))))
        """;

    private const string Counter =
        """
        (import "env" "wait" (func $wait (param i32) (result i32)))
        (global $count (export "count") (mut i64) (i64.const 0))
        (func (export "run") (loop (global.set $count (i64.add (global.get $count) (i64.const 1))) (br 0)))
        (func (export "wait") (result i32)
          (drop (call $wait (i32.const 1)))
          (global.set $count (i64.const 1))
          (i32.const 7))
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task ASnapshotWaitsForWhatCannotBeAskedAgain()
    {
        using var guest = new SnapshotGuest(TwoWaits) { Holds = argument => argument == 1 };
        _ = guest.Call("two");
        var wait = await guest.NextWaitAsync();
        using var stream = new MemoryStream();
        var saving = guest.Store.SnapshotAsync(stream);
        var problem = Assert.Throws<InvalidOperationException>(() => guest.Store.Snapshot(new MemoryStream()));

        Assert.Equal("Call 1 waits for env.wait, which cannot be called again. SnapshotAsync waits until it has ended.", problem.Message);
        Assert.False(saving.IsCompleted);
        Assert.Equal(0, stream.Length);
        wait.Task.SetResult(10);
        await guest.NextWaitAsync();
        await saving.WaitAsync(Patience);

        using var copy = guest.Load(stream.ToArray());
        Assert.Equal(2, Assert.Single(copy.Restored!.Pending).Arguments[0]);
        copy.Restored.Resume();
        await copy.AnswerAsync(20);
        Assert.Equal(30, (await copy.Restored.Call("two").Task)[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatCannotBeAskedAgainMayEndOtherwise(bool isDisposed)
    {
        using var cancellation = new CancellationTokenSource();
        using var guest = new SnapshotGuest(TwoWaits) { Holds = static _ => true };
        var call = guest.Instance.GetFunction("two").InvokeAsync("two", [], cancellation.Token);
        await guest.NextWaitAsync();
        using var stream = new MemoryStream();
        var saving = guest.Store.SnapshotAsync(stream);
        Assert.False(saving.IsCompleted);

        if (isDisposed)
        {
            guest.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => saving.WaitAsync(Patience));
            await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
            return;
        }

        await cancellation.CancelAsync();
        await saving.WaitAsync(Patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        using var copy = guest.Load(stream.ToArray());
        Assert.Empty(copy.Restored!.Calls);
    }

    [Fact]
    public async Task WhatHasTakenSomethingIsWaitedFor()
    {
        var engine = new Engine();
        using var store = new Store(engine);
        var waiting = new TaskCompletionSource<int>();
        var linker = new Linker(engine).Define("env", "wait", (Caller caller, int argument) =>
        {
            caller.HoldSnapshots(whenComplete: true);
            return argument == 1 ? waiting.Task : Task.Delay(Timeout.Infinite).ContinueWith(static _ => 0, TaskScheduler.Default);
        });
        var module = Module.Parse(engine, TwoWaits);
        var call = linker.Instantiate(store, module).GetFunction("two").InvokeAsync("two", []);
        Assert.Equal(1, await ArgumentOfSnapshotAsync());

        // Its task is complete, and the call has not gone on yet, as this thread has the turn.
        Task<int>? next = null;
        await store.OnTurnAsync(() =>
        {
            waiting.SetResult(10);
            next = ArgumentOfSnapshotAsync();
        });

        Assert.Equal(2, await next!.WaitAsync(Patience));
        Assert.False(call.IsCompleted);

        async Task<int> ArgumentOfSnapshotAsync()
        {
            using var stream = new MemoryStream();
            await store.SnapshotAsync(stream);
            stream.Position = 0;
            var restored = Store.Restore(engine, stream, linker, new RestoreOptions { Modules = [module] });
            using var copy = restored.Store;
            return Assert.Single(restored.Pending).Arguments[0].AsI32();
        }
    }

    [Fact]
    public async Task AnEarlierCallThatHeldSnapshotsDoesNot()
    {
        // The first task is complete at once, so that nothing is suspended while it holds.
        var engine = new Engine();
        using var store = new Store(engine);
        var waiting = new TaskCompletionSource<int>();
        var linker = new Linker(engine).Define("env", "wait", (Caller caller, int argument) =>
        {
            if (argument == 1)
                caller.HoldSnapshots();
            return argument == 1 ? Task.FromResult(10) : waiting.Task;
        });
        var call = linker.Instantiate(store, Module.Parse(engine, TwoWaits)).GetFunction("two").InvokeAsync("two", []);
        using var stream = new MemoryStream();

        store.Snapshot(stream);

        Assert.NotEqual(0, stream.Length);
        waiting.SetResult(20);
        Assert.Equal(30, (await call)[0]);
    }

    /// <summary>Nothing else is called behind it, so that it stays the newest of the imports.</summary>
    [Fact]
    public async Task ACallThatComputesBehindOneThatHeldSnapshotsDoesNot()
    {
        var engine = new Engine();
        using var store = new Store(engine);
        using var cancellation = new CancellationTokenSource();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var linker = new Linker(engine).Define("env", "take", (Caller caller) =>
        {
            caller.HoldSnapshots();
            started.SetResult();
            return Task.CompletedTask;
        });
        var instance = linker.Instantiate(store, Module.Parse(engine, """(import "env" "take" (func $take)) (func (export "run") (call $take) (loop $again (br $again)))"""));
        var call = Task.Run(() => instance.GetFunction("run").InvokeAsync("run", [], cancellation.Token));
        await started.Task.WaitAsync(Patience);
        using var stream = new MemoryStream();

        await store.SnapshotAsync(stream, new SnapshotOptions { InterruptsCalls = true }).WaitAsync(Patience);

        Assert.NotEqual(0, stream.Length);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Patience));
    }

    [Fact]
    public async Task ACallThatComputesIsInterrupted()
    {
        using var guest = new SnapshotGuest(Counter);
        using var cancellation = new CancellationTokenSource();
        var call = Task.Run(() => guest.Instance.GetFunction("run").InvokeAsync("run", [], cancellation.Token));
        await CountsAsync(guest, 0);
        using var stream = new MemoryStream();
        await guest.Store.SnapshotAsync(stream, new SnapshotOptions { InterruptsCalls = true }).WaitAsync(Patience);

        using var copy = guest.Load(stream.ToArray());
        var count = copy.Instance.GetGlobal("count").Value.AsI64();
        Assert.True(count > 0);
        Assert.Null(copy.Restored!.Call("run").Pending);
        var resumed = Task.Run(copy.Restored.Resume);
        await CountsAsync(copy, count);

        // The one that was saved goes on, too.
        await CountsAsync(guest, guest.Instance.GetGlobal("count").Value.AsI64());
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Patience));
        await copy.Store.DisposeAsync();
        await resumed.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AStoreEndsWithItsSnapshot(bool isAsynchronous)
    {
        using var guest = new SnapshotGuest(Counter);
        var count = guest.Instance.GetGlobal("count");
        var call = guest.Call("wait");
        var wait = await guest.NextWaitAsync();
        using var stream = new MemoryStream();
        var options = new SnapshotOptions { EndsStore = true };
        if (isAsynchronous)
            await guest.Store.SnapshotAsync(stream, options);
        else
            guest.Store.Snapshot(stream, options);
        wait.Task.SetResult(1);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.WaitAsync(Patience));
        Assert.Equal(0L, count.Value);
        Assert.Throws<ObjectDisposedException>(() => guest.Store.Fibers);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => guest.Store.SnapshotAsync(new MemoryStream()));
        using var copy = guest.Load(stream.ToArray());
        copy.Restored!.Resume();
        await copy.AnswerAsync(1);
        Assert.Equal(7, (await copy.Restored.Call("wait").Task)[0]);
    }

    [Fact]
    public async Task AStoreThatCannotBeSavedDoesNotEnd()
    {
        using var guest = new SnapshotGuest(TwoWaits);
        var call = guest.Call("two");
        guest.Store.SetData(new Refused());

        await Assert.ThrowsAsync<NotSupportedException>(() => guest.Store.SnapshotAsync(new MemoryStream(), new SnapshotOptions { EndsStore = true }));

        await guest.AnswerAsync(1);
        await guest.AnswerAsync(2);
        Assert.Equal(3, (await call)[0]);
    }

    /// <summary>Waits until it has counted further.</summary>
    private static async Task CountsAsync(SnapshotGuest guest, long from)
    {
        var end = DateTime.UtcNow + Patience;
        while (guest.Instance.GetGlobal("count").Value.AsI64() <= from)
        {
            Assert.True(DateTime.UtcNow < end);
            await Task.Delay(1);
        }
    }

    private sealed class Refused : ISnapshotData
    {
        public string SnapshotName => "refused";

        public ReadOnlyMemory<byte> ToSnapshot() => throw new NotSupportedException("no");
    }
}
