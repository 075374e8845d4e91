namespace Fermata.Tests.Suspension;

/// <summary>Awaited tasks that complete, a cancellation and a disposal at the same moment: a call ends once, in one of the ways that there are.</summary>
public sealed class RaceTests : IDisposable
{
    /// <summary>Waits, computes a little, and waits again; with other frames below.</summary>
    private const string Program = """
        (import "env" "wait" (func $wait (param i32) (result i32)))
        (func $twice (param $rounds i32) (result i32) (local $result i32)
          (local.set $result (call $wait (i32.const 0)))
          (loop $spin
            (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
            (br_if $spin (i32.gt_s (local.get $rounds) (i32.const 0))))
          (i32.add (local.get $result) (call $wait (i32.const 1))))
        (func (export "f") (param $rounds i32) (result i32)
          (block $caught (try_table (catch_all $caught) (return (i32.add (call $twice (local.get $rounds)) (i32.const 1)))))
          (i32.const -1))
        (func (export "quick") (result i32) (i32.const 5))
        """;

    private static readonly Engine Engine = new();
    private static readonly Module Module = Module.Parse(Engine, Program);

    private readonly CallCounter _counter = new();
    private readonly TaskCompletionSource<int>[] _gates = new TaskCompletionSource<int>[2];
    private Store? _store;
    private Func<int, CancellationToken, Task<int>> _f = null!;
    private Func<Task<int>> _quick = null!;

    public void Dispose() => _store?.Dispose();

    [Flags]
    public enum Contenders
    {
        None = 0,
        FirstTask = 1,
        SecondTask = 2,
        Cancellation = 4,
        Disposal = 8,
    }

    [Theory]
    [InlineData(Contenders.FirstTask | Contenders.Cancellation, 0)]
    [InlineData(Contenders.FirstTask | Contenders.Cancellation, 5_000)]
    [InlineData(Contenders.FirstTask | Contenders.Disposal, 0)]
    [InlineData(Contenders.FirstTask | Contenders.Disposal, 5_000)]
    [InlineData(Contenders.FirstTask | Contenders.SecondTask, 0)]
    [InlineData(Contenders.FirstTask | Contenders.SecondTask, 5_000)]
    [InlineData(Contenders.Cancellation | Contenders.Disposal, 0)]
    [InlineData(Contenders.FirstTask | Contenders.Cancellation | Contenders.Disposal, 0)]
    [InlineData(Contenders.FirstTask | Contenders.Cancellation | Contenders.Disposal, 5_000)]
    [InlineData(Contenders.FirstTask | Contenders.SecondTask | Contenders.Cancellation | Contenders.Disposal, 500)]
    public void ACallEndsOnceAndAsOneOfThemSays(Contenders contenders, int spin)
    {
        var rounds = Heavy.Rounds(5_000);
        CancellationTokenSource source = null!;
        Task<int> call = null!;
        var completions = 0;
        Race.Run(
            rounds,
            _ =>
            {
                if (_store is null || contenders.HasFlag(Contenders.Disposal))
                    Instantiate();

                // Where nothing can cancel a call the engine wakes it in another way.
                source = new CancellationTokenSource();
                call = Start(spin, contenders.HasFlag(Contenders.Cancellation) ? source.Token : CancellationToken.None);
                completions = 0;
                call.ContinueWith(_ => Interlocked.Increment(ref completions), TaskContinuationOptions.ExecuteSynchronously);
                if (!contenders.HasFlag(Contenders.SecondTask))
                    _gates[1].SetResult(20);
                return [.. Actions(contenders, source)];
            },
            _ =>
            {
                AssertEnded(call.InTime(), contenders, source.Token);
                AssertNothingIsLeft(contenders.HasFlag(Contenders.Disposal));
                Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref completions) == 1, TimeSpan.FromMinutes(5)));
                source.Dispose();
            });
    }

    /// <summary>Not as a <see cref="Race"/>: the two meet within nanoseconds only if neither sleeps in between.</summary>
    [Fact]
    public void ACancellationAtTheMomentAtWhichACallBeginsToWaitEndsIt()
    {
        var rounds = Heavy.Rounds(60_000);
        var (started, cancelled) = (0, 0);
        var never = new TaskCompletionSource().Task;
        CancellationTokenSource source = null!;
        _store = new Store(Engine);
        var f = new Linker(Engine).Define("env", "never", () => never).Instantiate(_store, Module.Parse(Engine, """
            (import "env" "never" (func $never))
            (func $inner (call $never))
            (func (export "f") (call $inner))
            """)).GetFunction<Func<CancellationToken, Task>>("f");
        var canceller = new Thread(() =>
        {
            for (var round = 1; round <= rounds; round++)
            {
                Await(ref started, round);
                Thread.SpinWait(round % 97);
                source.Cancel();
                Volatile.Write(ref cancelled, round);
            }
        })
        { IsBackground = true };
        canceller.Start();
        for (var round = 1; round <= rounds; round++)
        {
            source = new CancellationTokenSource();
            Volatile.Write(ref started, round);
            Thread.SpinWait(round % 31);
            var call = f(source.Token);
            Await(ref cancelled, round);
            Assert.ThrowsAny<OperationCanceledException>(() => call.InTime().GetAwaiter().GetResult());
            source.Dispose();
        }

        static void Await(ref int place, int round)
        {
            for (var spins = 0; Volatile.Read(ref place) < round; spins++)
            {
                if (spins > 10_000)
                    Thread.Yield();
            }
        }
    }

    private void Instantiate()
    {
        _store = new Store(Engine, new StoreOptions { Limiter = _counter });
        var instance = new Linker(Engine).Define("env", "wait", (int gate) => _gates[gate].Task).Instantiate(_store, Module);
        _f = instance.GetFunction<Func<int, CancellationToken, Task<int>>>("f");
        _quick = instance.GetFunction<Func<Task<int>>>("quick");
    }

    private Task<int> Start(int spin, CancellationToken token)
    {
        _gates[0] = new TaskCompletionSource<int>();
        _gates[1] = new TaskCompletionSource<int>();
        return _f(spin, token);
    }

    private IEnumerable<Action> Actions(Contenders contenders, CancellationTokenSource source)
    {
        if (contenders.HasFlag(Contenders.FirstTask))
            yield return () => _gates[0].SetResult(10);
        if (contenders.HasFlag(Contenders.SecondTask))
            yield return () => _gates[1].SetResult(20);
        if (contenders.HasFlag(Contenders.Cancellation))
            yield return source.Cancel;
        if (contenders.HasFlag(Contenders.Disposal))
            yield return _store!.Dispose;
    }

    /// <summary>That the call has ended in one of the ways for which there is a contender.</summary>
    private static void AssertEnded(Task<int> call, Contenders contenders, CancellationToken token)
    {
        switch (Record.Exception(() => Assert.Equal(10 + 20 + 1, call.GetAwaiter().GetResult())))
        {
            case null:
                Assert.True(contenders.HasFlag(Contenders.FirstTask));
                break;
            case OperationCanceledException cancelled:
                Assert.True(contenders.HasFlag(Contenders.Cancellation));
                Assert.Equal(token, cancelled.CancellationToken);
                break;
            case ObjectDisposedException disposed:
                Assert.True(contenders.HasFlag(Contenders.Disposal));
                Assert.Equal(typeof(Store).FullName, disposed.ObjectName);
                break;
            case { } failure:
                Assert.Fail(failure.ToString());
                break;
        }
    }

    private void AssertNothingIsLeft(bool isDisposed)
    {
        // A thread of the pool may have the turn for a moment, to find that a call which was woken twice has ended.
        if (isDisposed)
        {
            Assert.Throws<ObjectDisposedException>(() => _quick().InTime().GetAwaiter().GetResult());
        }
        else
        {
            Assert.Empty(_store!.Fibers);
            Assert.Equal(5, _quick().InTime().GetAwaiter().GetResult());
        }

        Assert.Equal(0, _counter.Before);
    }
}
