using System.Threading.Tasks.Sources;

namespace Fermata.Tests.Suspension;

/// <summary>Sources of value tasks that call their continuations when they like: only a task that is complete resumes a call.</summary>
public sealed class SourceTests : IDisposable
{
    private const string Program = """
        (import "env" "source" (func $source (result i32)))
        (func (export "source, wait") (param $keep i64) (result i32 i32 i64)
          (call $source) (call $wait (i32.const 0)) (local.get $keep))
        (func (export "source, source") (param $keep i64) (result i32 i32 i64) (call $source) (call $source) (local.get $keep))
        (memory (export "memory") 1 1 shared)
        (func (export "source, memory") (param $keep i64) (result i32 i32 i64)
          (call $source) (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)) (local.get $keep))
        (func (export "source") (param $keep i64) (result i32 i32 i64) (call $source) (i32.const 0) (local.get $keep))
        """;

    private readonly Bystander _bystander = new();
    private readonly List<UnrulySource> _sources = [];
    private readonly Instance _instance;

    public SourceTests()
    {
        Guest.Linker.Define("env", "source", () =>
        {
            _sources.Add(new UnrulySource { Waited = _waited });
            return _sources[^1].Task;
        });
        _instance = Guest.Instantiate(Program);
    }

    private Action<Action> _waited = _ => { };

    private GatedGuest Guest => _bystander.Guest;

    public void Dispose() => _bystander.Dispose();

    [Fact]
    public void CalledTwiceItDoesNotEndTheNextWaitForATask()
    {
        var call = Start("source, wait", 5);
        Complete(0, 10);
        for (var i = 0; i < 3; i++)
            _sources[0].Continuations[0]();
        Assert.False(call.IsCompleted);
        Guest.Open(0, 20);
        Assert.Equal((10, 20, 5), call.Completed());
        _bystander.AssertUnharmed();
    }

    [Fact]
    public void CalledTwiceItDoesNotEndTheNextWaitForASource()
    {
        var call = Start("source, source", 6);
        Complete(0, 10);
        _sources[0].Continuations[0]();
        Assert.False(call.IsCompleted);
        Complete(1, 20);
        Assert.Equal((10, 20, 6), call.Completed());
        _bystander.AssertUnharmed();
    }

    [Fact]
    public async Task CalledTwiceItDoesNotEndTheNextWaitAtASharedMemory()
    {
        var call = Start("source, memory", 6);
        Complete(0, 10);
        _sources[0].Continuations[0]();
        Assert.False(call.IsCompleted);
        Assert.Equal(1, _instance.GetMemory("memory").Notify(0));
        Assert.Equal((10, 0, 6), await call.InTime());
        _bystander.AssertUnharmed();
    }

    [Fact]
    public void CalledAfterTheCallHasEndedItDoesNotEndThatOfAnother()
    {
        var first = Start("source", 7);
        Complete(0, 10);
        Assert.Equal((10, 0, 7), first.Completed());
        _sources[0].Continuations[0]();

        // The engine uses the same object for the next call.
        var second = Start("source, wait", 8);
        _sources[0].Continuations[0]();
        Assert.False(second.IsCompleted);
        Complete(1, 20);
        _sources[0].Continuations[0]();
        _sources[1].Continuations[0]();
        Assert.False(second.IsCompleted);
        Guest.Open(0, 30);
        Assert.Equal((20, 30, 8), second.Completed());
        _sources.ForEach(source => source.Continuations[0]());
        _bystander.AssertUnharmed();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CalledTooEarlyItIsCalledInVain(bool canBeCancelled)
    {
        using var source = new CancellationTokenSource();
        var call = Start("source, wait", 9, canBeCancelled ? source.Token : CancellationToken.None);
        _sources[0].Continuations[0]();
        _sources[0].Continuations[0]();
        Assert.False(call.IsCompleted);
        Complete(0, 10);
        Guest.Open(0, 20);
        Assert.Equal((10, 20, 9), call.Completed());
        _bystander.AssertUnharmed();
    }

    [Fact]
    public async Task CalledAtOnceItResumesTheCallWhenThatHasSuspended()
    {
        _waited = wake =>
        {
            _sources[^1].Complete(_sources.Count);
            wake();
            wake();
        };
        Assert.Equal((1, 2, 10), await Start("source, source", 10).InTime());
        _bystander.AssertUnharmed();
    }

    [Fact]
    public async Task CalledByAnotherThreadBeforeTheWaitHasBegunItResumesTheCallToo()
    {
        _waited = wake =>
        {
            _sources[^1].Complete(_sources.Count);
            var thread = new Thread(() => wake());
            thread.Start();
            thread.Join();
            wake();
        };
        Assert.Equal((1, 2, 11), await Start("source, source", 11).InTime());
        _bystander.AssertUnharmed();
    }

    [Fact]
    public void CalledAfterACancellationItDoesNothing()
    {
        using var source = new CancellationTokenSource();
        var call = Start("source, wait", 12, source.Token);
        source.Cancel();
        Complete(0, 10);
        _sources[0].Continuations[0]();
        Assert.True(call.IsCanceled);
        Assert.Equal(source.Token, Assert.ThrowsAny<OperationCanceledException>(() => call.GetAwaiter().GetResult()).CancellationToken);
        _bystander.AssertUnharmed();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatHappensWhileACallInVainIsLookedAtIsNotLost(bool canBeCancelled)
    {
        using var source = new CancellationTokenSource();
        var call = Start("source, wait", 13, canBeCancelled ? source.Token : CancellationToken.None);
        _sources[0].Status = () =>
        {
            Complete(0, 10);
            return ValueTaskSourceStatus.Pending;
        };
        _sources[0].Continuations[0]();
        Assert.Equal(2, Guest.Waits);
        Guest.Open(0, 20);
        Assert.Equal((10, 20, 13), call.Completed());
        _bystander.AssertUnharmed();
    }

    [Fact]
    public void ACancellationWhileACallInVainIsLookedAtIsNotLost()
    {
        using var source = new CancellationTokenSource();
        var call = Start("source, wait", 13, source.Token);
        _sources[0].Status = () =>
        {
            source.Cancel();
            return ValueTaskSourceStatus.Pending;
        };
        _sources[0].Continuations[0]();
        Assert.True(call.IsCanceled);
        _bystander.AssertUnharmed();
    }

    [Fact]
    public void CalledAfterTheStoreIsDisposedItDoesNothing()
    {
        var call = Start("source, wait", 14);
        Guest.Dispose();
        Assert.ThrowsAny<ObjectDisposedException>(() => call.Completed());
        Complete(0, 10);
        _sources[0].Continuations[0]();
        Assert.True(call.IsFaulted);
    }

    [Fact]
    public void ASourceThatTellsItsResultOnlyOnceIsAskedOnlyOnce()
    {
        var call = Start("source", 15);
        var asked = 0;
        _sources[0].Status = () => ValueTaskSourceStatus.Succeeded;
        _sources[0].Result = () => ++asked;
        _sources[0].Continuations[0]();
        _sources[0].Continuations[0]();
        Assert.Equal((1, 0, 15), call.Completed());
        Assert.Equal(1, asked);
        _bystander.AssertUnharmed();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CalledByTwoThreadsAtOnceItResumesTheCallOnce(bool canBeCancelled)
    {
        RaceCalls(
            canBeCancelled,
            round =>
            {
                _sources[0].Complete(round);
                return [_sources[0].Continuations[0], _sources[0].Continuations[0]];
            },
            (call, round) =>
            {
                WaitForSource(2);
                Assert.False(call.IsCompleted);
                _sources[0].Continuations[0]();
                Complete(1, round + 1);
                Assert.Equal((round, round + 1, round), call.InTime().GetAwaiter().GetResult());
            });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACallInVainDoesNotLoseTheOneThatCounts(bool canBeCancelled) => RaceCalls(
        canBeCancelled,
        round =>
        {
            Complete(0, 1);
            WaitForSource(2);
            return [_sources[0].Continuations[0], () => Complete(1, 2)];
        },
        (call, round) => Assert.Equal((1, 2, round), call.InTime().GetAwaiter().GetResult()));

    /// <summary>Races what is done to the sources of a call that waits twice, again and again.</summary>
    private void RaceCalls(bool canBeCancelled, Func<int, Action[]> prepare, Action<Task<(int, int, long)>, int> check)
    {
        using var source = new CancellationTokenSource();
        Task<(int, int, long)>? call = null;
        Race.Run(
            3_000,
            round =>
            {
                _sources.Clear();
                call = Start("source, source", round, canBeCancelled ? source.Token : CancellationToken.None);
                WaitForSource(1);
                return prepare(round);
            },
            round => check(call!, round));
        _bystander.AssertUnharmed();
    }

    private Task<(int, int, long)> Start(string name, long keep, CancellationToken token = default) =>
        _instance.GetFunction<Func<long, CancellationToken, Task<(int, int, long)>>>(name)(keep, token);

    /// <summary>Returns when the call waits for a source of the number. What was queued goes on a little later, on the pool; while the store tells its calls, none runs.</summary>
    private void WaitForSource(int count) =>
        Assert.True(SpinWait.SpinUntil(() => _sources.Count == count && Guest.Store.Fibers.Count == 2, TimeSpan.FromMinutes(5)), "The call should wait.");

    /// <summary>Ends a wait as a good source does.</summary>
    private void Complete(int number, int value)
    {
        _sources[number].Complete(value);
        Assert.Single(_sources[number].Continuations)();
    }
}
