using System.Collections.Concurrent;

namespace Fermata.Tests.Suspension;

/// <summary>Where calls go on if there are synchronization contexts and task schedulers.</summary>
public sealed class ContextTests
{
    private const string Module = """
        (func (export "f") (param i32) (result i32) (drop (call $wait (local.get 0))) (call $note (local.get 0)) (local.get 0))
        """;

    private const int Calls = 800;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ACallGoesOnWhereItsTaskIsCompletedEvenIfThereIsAContext(bool hasScheduler)
    {
        using var guest = new GatedGuest();
        var notes = new ConcurrentQueue<(int Call, int Thread)>();
        guest.Linker.Define("env", "note", (int call) => notes.Enqueue((call, Environment.CurrentManagedThreadId)));
        var f = Instantiate(guest);
        var thread = 0;

        // What the pool runs would be noted in another order, and on other threads.
        void CompleteAll()
        {
            thread = Environment.CurrentManagedThreadId;
            var tasks = Enumerable.Range(0, Calls).Select(f).ToArray();
            for (var call = Calls - 1; call >= 0; call--)
                guest.Gate(call).OpenHere(call);
            Assert.All(tasks, task => Assert.True(task.IsCompletedSuccessfully));
        }

        if (hasScheduler)
        {
            var schedulers = new ConcurrentExclusiveSchedulerPair();
            await Task.Factory.StartNew(CompleteAll, CancellationToken.None, TaskCreationOptions.None, schedulers.ExclusiveScheduler).InTime();
        }
        else
        {
            using var loop = new MessageLoop();
            await loop.Run(() =>
            {
                CompleteAll();
                return Task.CompletedTask;
            }).InTime();
        }

        Assert.Equal(Enumerable.Range(0, Calls).Reverse().Select(call => (call, thread)), notes);
    }

    [Fact]
    public async Task AStoreWithAContextRunsItsCallsThereInTheOrderInWhichTheirTasksWereCompleted()
    {
        using var loop = new MessageLoop();
        using var guest = new GatedGuest(options: new StoreOptions { SynchronizationContext = loop.Context });
        var notes = new ConcurrentQueue<(int Call, int Thread)>();
        guest.Linker.Define("env", "note", (int call) => notes.Enqueue((call, Environment.CurrentManagedThreadId)));
        var f = Instantiate(guest);
        var tasks = await Task.Run(() => Enumerable.Range(0, Calls).Select(f).ToArray()).InTime();
        await loop.Run(() => Task.CompletedTask).InTime();
        Assert.Equal(Calls, guest.Waits);
        await Task.Run(() =>
        {
            for (var call = Calls - 1; call >= 0; call--)
                guest.Open(call);
        }).InTime();
        await Task.WhenAll(tasks).InTime();
        Assert.Equal(Enumerable.Range(0, Calls).Reverse().Select(call => (call, loop.ThreadId)), notes);
    }

    [Fact]
    public async Task ACallThatIsMadeInTheContextStartsAtOnce()
    {
        using var loop = new MessageLoop();
        using var guest = new GatedGuest(options: new StoreOptions { SynchronizationContext = loop.Context });
        guest.Linker.Define("env", "note", (int _) => { });
        var f = Instantiate(guest);
        var (waits, result) = await loop.Run(async () =>
        {
            var task = f(5);
            var waits = guest.Waits;
            guest.Gate(5).OpenHere(5);
            return (waits, await task);
        }).InTime();
        Assert.Equal((1, 5), (waits, result));
    }

    /// <summary>As in JavaScript, where what waits goes on in a microtask.</summary>
    [Fact]
    public async Task TheCallerGoesOnBeforeACallThatIsAlwaysSuspended()
    {
        using var loop = new MessageLoop();
        using var guest = new GatedGuest(options: new StoreOptions { SynchronizationContext = loop.Context, AlwaysSuspend = true });
        var notes = new List<string>();
        guest.Linker.Define("env", "note", (int call) => notes.Add($"call {call}"));
        guest.Open(1);
        guest.Open(2);
        var f = Instantiate(guest);
        await loop.Run(async () =>
        {
            var (first, second) = (f(1), f(2));
            notes.Add("caller");
            await Task.WhenAll(first, second);
        }).InTime();
        Assert.Equal(["caller", "call 1", "call 2"], notes);
    }

    [Fact]
    public async Task AThreadOfTheContextThatWaitsForTheTurnGetsIt()
    {
        using var loop = new MessageLoop();
        using var guest = new GatedGuest(options: new StoreOptions { SynchronizationContext = loop.Context });
        guest.Linker.Define("env", "note", (int _) => { });
        using var isRunning = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        guest.Linker.Define("env", "block", () =>
        {
            isRunning.Set();
            mayEnd.Wait();
        });
        var instance = guest.Instantiate("""
            (import "env" "block" (func $block))
            (import "env" "note" (func $note (param i32)))
            (func (export "f") (param i32) (result i32) (call $wait (local.get 0)))
            (func (export "block") (call $block))
            (func (export "g") (result i32) (i32.const 42))
            """);
        var f = instance.GetFunction<Func<int, Task<int>>>("f");
        var waiting = await loop.Run(() => Task.FromResult(f(1))).InTime();
        var blocking = Task.Run(instance.GetFunction<Action>("block"));
        isRunning.Wait();

        // The call is ready before the thread of the context waits, and cannot run elsewhere.
        guest.Open(1);
        var g = loop.Run(() => Task.FromResult(instance.GetFunction<Func<int>>("g")()));
        await Task.Run(mayEnd.Set);
        Assert.Equal(42, await g.InTime());
        Assert.Equal(1, await waiting.InTime());
        await blocking.InTime();
    }

    /// <summary>A context may have several threads, and need not be the current one on them.</summary>
    [Fact]
    public async Task AThreadThatDidWorkOfTheContextIsNotTakenForItAfterwards()
    {
        var context = new ManualContext();
        using var guest = new GatedGuest(options: new StoreOptions { SynchronizationContext = context });
        using var firstEnds = new ManualResetEventSlim();
        using var secondRuns = new ManualResetEventSlim();
        using var secondMayEnd = new ManualResetEventSlim();
        using var firstMayEnd = new ManualResetEventSlim();
        guest.Linker.Define("env", "note", (int call) =>
        {
            if (call != 2)
                return;
            secondRuns.Set();
            secondMayEnd.Wait();
        });
        guest.Open(1);
        guest.Open(2);
        guest.Open(3);
        var f = Instantiate(guest);
        using var firstThread = new MessageLoop();

        // The first thread is in what it was posted until the second one is, and ends before that one does.
        var (first, waits) = (f(1), 0);
        void HoldTheThread(Task<int> _)
        {
            firstEnds.Set();
            firstMayEnd.Wait();
        }

        var blocked = first.ContinueWith(HoldTheThread, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var ran = firstThread.Run(() =>
        {
            SynchronizationContext.SetSynchronizationContext(null);
            context.RunAll();
            return Task.CompletedTask;
        });
        Assert.True(firstEnds.Wait(TaskAssertions.LongEnough));
        var second = f(2);
        var other = new Thread(context.RunAll);
        other.Start();
        Assert.True(secondRuns.Wait(TaskAssertions.LongEnough));
        firstMayEnd.Set();
        await ran.InTime();
        secondMayEnd.Set();
        other.Join();
        Assert.Equal(2, await second.InTime());

        var third = await firstThread.Run(() =>
        {
            SynchronizationContext.SetSynchronizationContext(null);
            waits = guest.Waits;
            return Task.FromResult(f(3));
        }).InTime();
        Assert.Equal(waits, guest.Waits);
        context.RunAll();
        Assert.Equal(3, await third.InTime());
        await blocked.InTime();
    }

    private static Func<int, Task<int>> Instantiate(GatedGuest guest) =>
        guest.Instantiate("""(import "env" "note" (func $note (param i32)))""" + Module).GetFunction<Func<int, Task<int>>>("f");

    /// <summary>Keeps what is posted until somebody runs it.</summary>
    private sealed class ManualContext : SynchronizationContext
    {
        private readonly ConcurrentQueue<Action> _posted = [];

        public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue(() => d(state));

        public void RunAll()
        {
            while (_posted.TryDequeue(out var work))
                work();
        }
    }
}
