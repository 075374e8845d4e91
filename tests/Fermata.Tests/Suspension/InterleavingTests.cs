namespace Fermata.Tests.Suspension;

/// <summary>Several calls of one instance at once (JSPI checklist, lines 17, 19 and 20).</summary>
public sealed class InterleavingTests : IDisposable
{
    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AHundredCallsGoOnInTheReverseOrder(bool suspendEverywhere)
    {
        using var guest = new GatedGuest(suspendEverywhere);
        var f = guest.Instantiate("""
            (func (export "f") (param i32 i64) (result i32 i64)
              (i32.add (local.get 0) (call $wait (local.get 0)))
              (local.get 1))
            """).GetFunction<Func<int, long, Task<(int, long)>>>("f");
        var tasks = Enumerable.Range(0, 100).Select(i => f(i, -i)).ToArray();
        for (var i = 99; i >= 0; i--)
        {
            Assert.False(tasks[i].IsCompleted);
            guest.Open(i, 1000);
            Assert.Equal((1000 + i, -i), tasks[i].Completed());
        }
    }

    [Fact]
    public void TwentyCallsThatSuspendInALoopTakeTurnsInChangingOrders()
    {
        const int Calls = 20;
        const int Rounds = 50;
        var f = _guest.Instantiate("""
            (func (export "f") (param $call i32) (param $rounds i32) (result i64)
              (local $i i32) (local $sum i64)
              (loop $again
                (local.set $sum
                  (i64.add
                    (i64.mul (local.get $sum) (i64.const 3))
                    (i64.extend_i32_s (call $wait (i32.add (i32.mul (local.get $call) (local.get $rounds)) (local.get $i))))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $again (i32.lt_s (local.get $i) (local.get $rounds))))
              (local.get $sum))
            """).GetFunction<Func<int, int, Task<long>>>("f");
        var tasks = Enumerable.Range(0, Calls).Select(call => f(call, Rounds)).ToArray();
        var random = new Random(17);
        int[] order = [.. Enumerable.Range(0, Calls)];
        for (var round = 0; round < Rounds; round++)
        {
            random.Shuffle(order);
            foreach (var call in order)
                _guest.Open(call * Rounds + round, call + round);
        }

        for (var call = 0; call < Calls; call++)
        {
            var expected = 0L;
            for (var round = 0; round < Rounds; round++)
                expected = unchecked(expected * 3 + call + round);
            Assert.Equal(expected, tasks[call].Completed());
        }
    }

    [Fact]
    public void CallsWorkWhileAFiberIsSuspended()
    {
        var instance = _guest.Instantiate("""
            (global $count (mut i32) (i32.const 0))
            (func (export "f") (param i32) (result i32) (i32.add (call $wait (local.get 0)) (local.get 0)))
            (func (export "count") (result i32)
              (global.set $count (i32.add (global.get $count) (i32.const 1)))
              (global.get $count))
            """);
        var f = instance.GetFunction<Func<int, Task<int>>>("f");
        var count = instance.GetFunction<Func<int>>("count");
        var suspended = f(1);
        Assert.Equal(1, count());
        Assert.Equal([2], instance.GetFunction("count").Invoke());
        Assert.Equal([3], instance.GetFunction("count").InvokeAsync().Completed());
        var another = f(2);
        Assert.Equal(4, count());
        _guest.Open(2, 10);
        Assert.Equal(12, another.Completed());
        Assert.Throws<SuspendException>(() => instance.GetFunction("f").Invoke(3));
        Assert.Equal(5, count());
        _guest.Open(1, 20);
        Assert.Equal(21, suspended.Completed());
    }

    [Fact]
    public void ATrapInOneCallLeavesTheSuspendedOnesAlone()
    {
        var instance = _guest.Instantiate("""
            (func (export "f") (param i32) (result i32) (i32.add (call $wait (local.get 0)) (local.get 0)))
            (func (export "trap") (result i32) (i32.add (call $deeper) (i32.const 1)))
            (func $deeper (result i32) (drop (call $wait (i32.const 100))) unreachable)
            """);
        var suspended = Enumerable.Range(0, 10).Select(instance.GetFunction<Func<int, Task<int>>>("f")).ToArray();
        Assert.Throws<SuspendException>(() => instance.GetFunction("trap").Invoke());
        var trap = instance.GetFunction("trap").InvokeAsync();
        _guest.Open(100);
        trap.Failed<TrapException>();
        for (var i = 0; i < 10; i++)
            _guest.Open(i, 10);
        Assert.Equal(Enumerable.Range(10, 10), suspended.Select(task => task.Completed()));
    }

    [Fact]
    public void LocalsAreAFibersOwnAndEverythingElseIsShared()
    {
        var instance = _guest.Instantiate("""
            (memory (export "memory") 1)
            (table (export "table") 1 externref)
            (global $shared (mut i32) (i32.const 0))
            (func (export "f") (param $gate i32) (param $mine i32) (param $object externref) (result i32 i32 i32 externref)
              (global.set $shared (local.get $mine))
              (i32.store (i32.const 0) (local.get $mine))
              (table.set (i32.const 0) (local.get $object))
              (drop (call $wait (local.get $gate)))
              (local.get $mine) (global.get $shared) (i32.load (i32.const 0)) (table.get (i32.const 0)))
            """);
        var f = instance.GetFunction<Func<int, int, string, Task<(int, int, int, string)>>>("f");
        var first = f(0, 111, "first");
        var second = f(1, 222, "second");
        _guest.Open(0);
        Assert.Equal((111, 222, 222, "second"), first.Completed());
        instance.GetMemory("memory").Write(0, 333);
        instance.GetTable("table").Set(0, "host");
        _guest.Open(1);
        Assert.Equal((222, 222, 333, "host"), second.Completed());
    }

    [Fact]
    public void AMemoryThatGrowsMeanwhileIsSeenByASuspendedCall()
    {
        var instance = _guest.Instantiate("""
            (memory (export "memory") 1)
            (func (export "f") (result i32 i32)
              (drop (memory.grow (call $wait (i32.const 0))))
              (i32.store (i32.const 200000) (i32.const 5))
              (memory.size) (i32.load (i32.add (call $wait (i32.const 1)) (i32.const 200000))))
            """);
        var task = instance.GetFunction<Func<Task<(int, int)>>>("f")();
        Assert.Equal(1, instance.GetMemory("memory").Grow(1));
        _guest.Open(0, 2);
        Assert.Equal(4, instance.GetMemory("memory").Grow(10));
        instance.GetMemory("memory").Write(900_000, 99);
        _guest.Open(1, 700_000);
        Assert.Equal((4, 99), task.Completed());
    }

    [Fact]
    public async Task AFiberIsNotResumedInTheMiddleOfAnother()
    {
        // The import completes the task of another fiber; that one has to wait until this one suspends or ends.
        var events = new List<int>();
        _guest.Linker.Define("env", "open", (int gate) => _guest.Open(gate));
        _guest.Linker.Define("env", "log", (int number) => events.Add(number));
        var instance = _guest.Instantiate("""
            (import "env" "open" (func $open (param i32)))
            (import "env" "log" (func $log (param i32)))
            (func (export "sleeper") (drop (call $wait (i32.const 0))) (call $log (i32.const 3)))
            (func (export "waker")
              (call $log (i32.const 1)) (call $open (i32.const 0)) (call $log (i32.const 2))
              (drop (call $wait (i32.const 1))) (call $log (i32.const 4)))
            """);
        var sleeper = instance.GetFunction<Func<Task>>("sleeper")();
        var waker = instance.GetFunction<Func<Task>>("waker")();
        Assert.Equal([1, 2], events.Take(2));
        await sleeper.InTime();
        _guest.Open(1);
        await waker.InTime();
        Assert.Equal([1, 2, 3, 4], events);
    }
}
