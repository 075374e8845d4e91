using System.Collections.Concurrent;

namespace Fermata.Tests.Suspension;

[CollectionDefinition(nameof(ManyCallsTests), DisableParallelization = true)]
public sealed class ManyCallsCollection;

/// <summary>Ten thousand calls wait on one instance. Other tests stay away, so that the threads can be counted.</summary>
[Collection(nameof(ManyCallsTests))]
public sealed class ManyCallsTests : IDisposable
{
    private const int Calls = 10_000;

    private readonly GatedGuest _guest = new();
    private readonly ConcurrentDictionary<int, bool> _threads = [];

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void TenThousandParkedCallsGoOnInRandomOrderOnOneThread()
    {
        var tasks = Park(gate => _guest.Gate(gate).Wait());
        foreach (var call in RandomOrder())
        {
            _guest.Open(call, 7 * call);
            Assert.Equal(Expected(call), tasks[call].Completed());
        }

        Assert.Equal([Environment.CurrentManagedThreadId], _threads.Keys);
    }

    [Fact]
    public async Task TenThousandParkedCallsThatAreCompletedByFourThreadsRunOnAHandful()
    {
        var gates = Enumerable.Range(0, Calls).Select(_ => new TaskCompletionSource<int>()).ToArray();
        var tasks = Park(gate => gates[gate].Task);
        var order = RandomOrder();
        var threads = Enumerable.Range(0, 4).Select(part => new Thread(() =>
        {
            for (var i = part; i < Calls; i += 4)
                gates[order[i]].SetResult(7 * order[i]);
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.Equal(Enumerable.Range(0, Calls).Select(Expected), await Task.WhenAll(tasks).InTime());

        // The four, this one, and those of the pool that go on with what became ready while another thread had the store's turn; tests before
        // this one may have left a pool of more than a handful.
        Assert.InRange(_threads.Count, 1, 5 + Math.Max(Handful, ThreadPool.ThreadCount));
    }

    [Fact]
    public void ParkedCallsHoldNoThread()
    {
        var before = ThreadPool.ThreadCount;
        Park(gate => _guest.Gate(gate).Wait());

        // What the pool adds on its own in the meantime is not the engine's affair.
        Assert.InRange(ThreadPool.ThreadCount, 0, before + Handful);
    }

    [Fact]
    public async Task TenThousandCallsThatSuspendSeveralTimesFromSeveralThreadsKeepTheirLocals()
    {
        _guest.Linker.Define("env", "yield", async (int value) =>
        {
            await Task.Yield();
            return value;
        });
        var f = _guest.Instantiate("""
            (import "env" "yield" (func $yield (param i32) (result i32)))
            (func (export "f") (param i32) (result i32) (local $i i32) (local $sum i32)
              (loop $again
                (local.set $sum (i32.add (local.get $sum) (call $yield (i32.add (local.get 0) (local.get $i)))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $again (i32.lt_s (local.get $i) (i32.const 5))))
              (local.get $sum))
            """).GetFunction<Func<int, Task<int>>>("f");
        var halves = await Task.WhenAll(Enumerable.Range(0, 2).Select(half => Task.Run(() =>
            Task.WhenAll(Enumerable.Range(half * Calls / 2, Calls / 2).Select(f))))).InTime();
        Assert.Equal(Enumerable.Range(0, Calls).Select(call => 5 * call + 10), halves.SelectMany(results => results));
    }

    private static int Handful => Environment.ProcessorCount + 14;

    private static int Expected(int call) => 3 * call + 7 * call + (call ^ 0x55);

    private static int[] RandomOrder()
    {
        int[] order = [.. Enumerable.Range(0, Calls)];
        new Random(10_000).Shuffle(order);
        return order;
    }

    private Task<int>[] Park(Func<int, Task<int>> wait)
    {
        _guest.Linker.Define("env", "park", wait);
        _guest.Linker.Define("env", "mark", () => { _threads.TryAdd(Environment.CurrentManagedThreadId, true); });
        var f = _guest.Instantiate("""
            (import "env" "park" (func $park (param i32) (result i32)))
            (import "env" "mark" (func $mark))
            (func $inner (param i32) (result i32)
              (i32.add (i32.mul (local.get 0) (i32.const 3)) (call $park (local.get 0)))
              (call $mark))
            (func (export "f") (param i32) (result i32)
              (call $mark)
              (i32.add (call $inner (local.get 0)) (i32.xor (local.get 0) (i32.const 0x55))))
            """).GetFunction<Func<int, Task<int>>>("f");
        var tasks = Enumerable.Range(0, Calls).Select(f).ToArray();
        Assert.DoesNotContain(tasks, task => task.IsCompleted);
        return tasks;
    }
}
