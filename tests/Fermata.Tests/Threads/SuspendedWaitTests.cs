using Fermata.Tests.Suspension;

namespace Fermata.Tests.Threads;

/// <summary>Waiting under promising calls, which suspends them.</summary>
public sealed class SuspendedWaitTests
{
    private const string Program = """
        (func $wait (export "wait") (param i32 i64) (result i32) (memory.atomic.wait32 (local.get 0) (i32.const 0) (local.get 1)))
        (func (export "notify") (param i32 i32) (result i32) (memory.atomic.notify (local.get 0) (local.get 1)))
        (func (export "sum") (param i32) (result i64) (local i64)
          (local.set 1 (i64.const 1000))
          (i64.add
            (i64.add (i64.extend_i32_u (i32.mul (local.get 0) (i32.const 2))) (i64.extend_i32_u (call $wait (i32.const 0) (i64.const -1))))
            (i64.add
              (i64.extend_i32_u (memory.atomic.wait64 (i32.const 8) (i64.const 0) (i64.const -1)))
              (i64.add (local.get 1) (i64.extend_i32_u (local.get 0))))))
        (func (export "caught") (param i32) (result i32)
          (block $handler
            (try_table (catch_all $handler)
              (local.set 0 (i32.add (local.get 0) (i32.const 1)))
              (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
              (local.set 0 (i32.const -1))))
          (local.get 0))
        """;

    [Fact]
    public async Task ManyCallsWaitAndHoldNoThread()
    {
        const int Calls = 2_000;
        using var guest = new SharedGuest();
        var waits = Enumerable.Range(0, 4).Select(_ => guest.Instantiate(Program).GetFunction<Func<int, long, Task<int>>>("wait")).ToArray();

        // This one thread has started them all.
        var tasks = Enumerable.Range(0, Calls).Select(i => waits[i % 4](0, -1)).ToList();
        Assert.DoesNotContain(tasks, task => task.IsCompleted);
        Assert.Equal(3, guest.Memory.Notify(0, 3));
        Assert.All(await Task.WhenAll(tasks.Take(3)).InTime(), result => Assert.Equal(0, result));
        Assert.DoesNotContain(tasks.Skip(3), task => task.IsCompleted);
        Assert.Equal(Calls - 3, guest.Memory.Notify(0));
        Assert.All(await Task.WhenAll(tasks).InTime(), result => Assert.Equal(0, result));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AStoreWakesItsOwnCallsInTheirOrder(bool suspendEverywhere)
    {
        var woken = new List<int>();
        using var guest = new SharedGuest(suspendEverywhere);
        var instance = guest.Instantiate(
            """
            (import "env" "woken" (func $woken (param i32)))
            (func (export "wait") (param i32)
              (drop (memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const -1))) (call $woken (local.get 0)))
            (func (export "notify") (result i32) (memory.atomic.notify (i32.const 4) (i32.const 3)))
            """,
            ("woken", (int call) => woken.Add(call)));
        var wait = instance.GetFunction<Func<int, Task>>("wait");
        var tasks = Enumerable.Range(0, 6).Select(wait).ToList();
        var notify = instance.GetFunction<Func<int>>("notify");
        Assert.Equal(3, notify());
        await Task.WhenAll(tasks.Take(3)).InTime();
        Assert.Equal([0, 1, 2], woken);
        Assert.Equal(3, notify());
        await Task.WhenAll(tasks).InTime();
        Assert.Equal([0, 1, 2, 3, 4, 5], woken);
        Assert.Equal(0, notify());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatIsLiveAcrossAWaitIsKept(bool suspendEverywhere)
    {
        using var guest = new SharedGuest(suspendEverywhere);
        var task = guest.Instantiate(Program).GetFunction<Func<int, Task<long>>>("sum")(7);
        guest.NotifyOne(0);
        guest.NotifyOne(8);
        Assert.Equal(1021, await task.InTime());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_000)]
    public async Task AWaitTimesOut(long timeout)
    {
        using var guest = new SharedGuest();
        Assert.Equal(2, await guest.Instantiate(Program).GetFunction<Func<int, long, Task<int>>>("wait")(0, timeout).InTime());
        Assert.Equal(0, guest.Memory.Notify(0));
    }

    [Fact]
    public async Task AWaitThatIsNotifiedInTimeDoesNotTimeOut()
    {
        using var guest = new SharedGuest();
        var task = guest.Instantiate(Program).GetFunction<Func<int, long, Task<int>>>("wait")(0, 3_600_000_000_000);
        Assert.Equal(1, guest.Memory.Notify(0));
        Assert.Equal(0, await task.InTime());
    }

    [Fact]
    public void AWaitForAnotherValueDoesNotSuspend()
    {
        using var guest = new SharedGuest();
        guest.Memory.Write(0, 1);
        Assert.Equal(1, guest.Instantiate(Program).GetFunction<Func<int, long, Task<int>>>("wait")(0, -1).Completed());
    }

    [Fact]
    public async Task OtherCallsOfTheStoreRunWhileOneWaits()
    {
        using var guest = new SharedGuest();
        var instance = guest.Instantiate(Program);
        var task = instance.GetFunction<Func<int, long, Task<int>>>("wait")(0, -1);
        Assert.Equal([2], instance.GetFunction("wait").Invoke(4, 1L));
        Assert.Equal([1], instance.GetFunction("notify").Invoke(0, 1));
        Assert.Equal(0, await task.InTime());
    }

    [Fact]
    public async Task ANotifiedCallDoesNotRunOnTheNotifiersStack()
    {
        using var guest = new SharedGuest();
        var thread = 0;
        var waiter = guest.Instantiate(
            """
            (import "env" "woken" (func $woken))
            (func (export "wait") (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))) (call $woken))
            """,
            ("woken", () => Volatile.Write(ref thread, Environment.CurrentManagedThreadId)));
        var task = waiter.GetFunction<Func<Task>>("wait")();
        var notify = guest.Instantiate(Program).GetFunction<Func<int, int, int>>("notify");
        var notifier = 0;
        SharedGuest.RunOnThreads([notify], run =>
        {
            notifier = Environment.CurrentManagedThreadId;
            Assert.Equal(1, run(0, 1));
            Assert.True(task.Wait(TimeSpan.FromMinutes(5)));
        });
        await task.InTime();
        Assert.NotEqual(notifier, thread);
    }

    [Fact]
    public async Task ACancelledCallWaitsNoLonger()
    {
        using var source = new CancellationTokenSource();
        using var guest = new SharedGuest();
        var instance = guest.Instantiate(Program);
        var wait = instance.GetFunction<Func<int, long, CancellationToken, Task<int>>>("wait");
        var task = wait(0, 3_600_000_000_000, source.Token);
        var other = wait(0, -1, CancellationToken.None);
        source.Cancel();
        Assert.True(task.IsCanceled);

        // The one that was cancelled does not take the notification from the other.
        Assert.Equal(1, guest.Memory.Notify(0, 1));
        Assert.Equal(0, await other.InTime());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000)]
    public void ANotificationACancellationAndATimeoutAtTheSameTimeGiveOneOfThem(long timeout)
    {
        const int TimedOut = 2;
        using var guest = new SharedGuest();
        var instance = guest.Instantiate(Program);
        var wait = instance.GetFunction<Func<int, long, CancellationToken, Task<int>>>("wait");
        CancellationTokenSource source = null!;
        Task<int> call = null!;
        Race.Run(
            300,
            _ =>
            {
                source = new CancellationTokenSource();
                call = wait(0, timeout, source.Token);
                Thread.Sleep(timeout > 0 ? 1 : 0);
                return [source.Cancel, () => guest.Memory.Notify(0)];
            },
            _ =>
            {
                if (Record.Exception(() => Assert.InRange(call.InTime().GetAwaiter().GetResult(), 0, timeout > 0 ? TimedOut : 0)) is { } failure)
                    Assert.Equal(source.Token, Assert.IsAssignableFrom<OperationCanceledException>(failure).CancellationToken);
                Assert.Equal(0, guest.Memory.Notify(0));
                Assert.Empty(instance.Store.Fibers);
                source.Dispose();
            });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACancellationIsNotCaughtAroundTheWait(bool suspendEverywhere)
    {
        using var source = new CancellationTokenSource();
        using var guest = new SharedGuest(suspendEverywhere);
        var task = guest.Instantiate(Program).GetFunction<Func<int, CancellationToken, Task<int>>>("caught")(41, source.Token);
        source.Cancel();
        Assert.True(task.IsCanceled);
        Assert.Equal(0, guest.Memory.Notify(0));
    }

    [Fact]
    public async Task DisposingAStoreEndsItsWaitsAndNoOthers()
    {
        using var guest = new SharedGuest();
        var disposed = guest.Instantiate(Program);
        var task = disposed.GetFunction<Func<int, long, Task<int>>>("wait")(0, -1);
        var other = guest.Instantiate(Program).GetFunction<Func<int, long, Task<int>>>("wait")(0, -1);
        disposed.Store.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => task.InTime());
        Assert.False(other.IsCompleted);
        Assert.Equal(1, guest.Memory.Notify(0));
        Assert.Equal(0, await other.InTime());
    }

    [Fact]
    public async Task AHostFunctionInBetweenMakesAWaitHoldTheThread()
    {
        using var guest = new SharedGuest();
        Instance? instance = null;
        instance = guest.Instantiate(
            """(import "env" "host" (func $host (result i32))) (func (export "outer") (result i32) (call $host)) """ + Program,
            ("host", () => instance!.GetFunction<Func<int, long, int>>("wait")(0, -1)));
        var task = Task.Run(() => instance.GetFunction<Func<Task<int>>>("outer")());
        guest.NotifyOne(0);
        Assert.Equal(0, await task.InTime());
    }
}
