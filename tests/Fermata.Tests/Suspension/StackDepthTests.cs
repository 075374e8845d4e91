namespace Fermata.Tests.Suspension;

/// <summary>Deep stacks, and stacks that are too deep (JSPI checklist, lines 23 and 24).</summary>
public sealed class StackDepthTests : IDisposable
{
    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(10_000)]
    public void ACallSuspendsAtAnyDepth(int depth)
    {
        var down = _guest.Instantiate("""
            (func $down (export "down") (param i32) (result i32)
              (if (result i32) (local.get 0)
                (then (i32.add (local.get 0) (i32.mul (i32.const 31) (call $down (i32.sub (local.get 0) (i32.const 1))))))
                (else (i32.add (call $wait (i32.const 0)) (call $wait (i32.const 1))))))
            """).GetFunction<Func<int, Task<int>>>("down");
        var tasks = new[] { down(depth), down(depth) };
        _guest.Open(0, 1_000_000);
        Assert.DoesNotContain(tasks, task => task.IsCompleted);
        _guest.Open(1, 2_000_000);
        var expected = Enumerable.Range(1, depth).Aggregate(3_000_000, (result, level) => unchecked((31 * result) + level));
        Assert.All(tasks, task => Assert.Equal(expected, task.Completed()));
    }

    [Fact]
    public void ADeepStackIsLeftLevelByLevel()
    {
        const int Depth = 1000;
        var down = _guest.Instantiate("""
            (func $down (export "down") (param i32) (result i32)
              (if (result i32) (local.get 0)
                (then (i32.add (call $down (i32.sub (local.get 0) (i32.const 1))) (call $wait (local.get 0))))
                (else (call $wait (i32.const 0)))))
            """).GetFunction<Func<int, Task<int>>>("down");
        var task = down(Depth);
        for (var level = 0; level <= Depth; level++)
        {
            Assert.False(task.IsCompleted);
            _guest.Open(level);
        }

        Assert.Equal(Depth * (Depth + 1) / 2, task.Completed());
    }

    [Fact]
    public void AStackThatGrowsAndShrinksBetweenSuspensions()
    {
        // Waits at the bottom of a recursion of depth n, for n = 1, 2, 3, ... and back, in one call.
        var f = _guest.Instantiate("""
            (func $down (param $n i32) (param $gate i32) (result i32)
              (if (result i32) (local.get $n)
                (then (i32.add (i32.const 1) (call $down (i32.sub (local.get $n) (i32.const 1)) (local.get $gate))))
                (else (call $wait (local.get $gate)))))
            (func (export "f") (param $rounds i32) (result i32) (local $i i32) (local $sum i32)
              (loop $again
                (local.set $sum (i32.add (local.get $sum)
                  (call $down (i32.mul (local.get $i) (i32.sub (local.get $rounds) (local.get $i))) (local.get $i))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $again (i32.lt_s (local.get $i) (local.get $rounds))))
              (local.get $sum))
            """).GetFunction<Func<int, Task<int>>>("f");
        const int Rounds = 50;
        var task = f(Rounds);
        for (var i = 0; i < Rounds; i++)
            _guest.Open(i);
        Assert.Equal(Enumerable.Range(0, Rounds).Sum(i => i * (Rounds - i) + i), task.Completed());
    }

    [Fact]
    public void StackExhaustionFailsTheTaskAndTheStoreStaysUsable()
    {
        var instance = _guest.Instantiate("""
            (func $forever (export "forever") (param i32) (result i32)
              (i32.add (call $forever (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
            (func $never (export "never") (param i32) (result i32)
              (i32.add
                (if (result i32) (i32.eq (local.get 0) (i32.const -1))
                  (then (call $wait (i32.const 0)))
                  (else (call $never (i32.add (local.get 0) (i32.const 1)))))
                (i32.const 1)))
            (func (export "f") (param i32) (result i32) (i32.add (call $wait (local.get 0)) (i32.const 1)))
            """);
        var suspended = instance.GetFunction<Func<int, Task<int>>>("f")(5);
        foreach (var name in new[] { "forever", "never" })
        {
            var trap = instance.GetFunction(name).InvokeAsync(1).Failed<StackExhaustedException>();
            Assert.Equal(TrapKind.StackExhausted, trap.Kind);
            Assert.StartsWith("call stack exhausted", trap.Message, StringComparison.Ordinal);
            Assert.Throws<StackExhaustedException>(() => instance.GetFunction(name).Invoke(1));
        }

        _guest.Open(5);
        Assert.Equal(6, suspended.Completed());
        Assert.Equal([6], instance.GetFunction("f").InvokeAsync(5).Completed());
    }

    [Fact]
    public void StackExhaustionAfterASuspensionFailsTheTaskToo()
    {
        var f = _guest.Instantiate("""
            (func $forever (param i32) (result i32) (i32.add (call $forever (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
            (func (export "f") (param i32) (result i32)
              (if (result i32) (call $wait (local.get 0)) (then (call $forever (i32.const 0))) (else (i32.const 9))))
            """).GetFunction<Func<int, Task<int>>>("f");
        var (endless, good) = (f(0), f(1));
        _guest.Open(0, 1);
        endless.Failed<StackExhaustedException>();
        _guest.Open(1, 0);
        Assert.Equal(9, good.Completed());
    }

    [Fact]
    public void EndlessRecursionThroughASynchronousHostFunctionIsATrap()
    {
        _guest.Linker.Define("env", "back", (Caller caller) => caller.GetFunction("f").Invoke()[0].AsI32());
        var instance = _guest.Instantiate("""
            (import "env" "back" (func $back (result i32)))
            (func (export "f") (result i32) (i32.add (call $back) (i32.const 1)))
            (func (export "g") (result i32) (call $wait (i32.const 0)))
            """);
        instance.GetFunction("f").InvokeAsync().Failed<StackExhaustedException>();
        Assert.Throws<StackExhaustedException>(() => instance.GetFunction("f").Invoke());
        var task = instance.GetFunction("g").InvokeAsync();
        _guest.Open(0, 3);
        Assert.Equal([3], task.Completed());
    }

    [Fact]
    public async Task EndlessRecursionThroughAnAsyncHostFunctionIsATrap()
    {
        _guest.Linker.Define("env", "back", async (Caller caller) => (await caller.GetFunction("f").InvokeAsync())[0].AsI32());
        var instance = _guest.Instantiate("""
            (import "env" "back" (func $back (result i32)))
            (func (export "f") (result i32) (i32.add (call $back) (i32.const 1)))
            (func (export "g") (result i32) (call $wait (i32.const 0)))
            """);
        await Assert.ThrowsAsync<StackExhaustedException>(() => instance.GetFunction("f").InvokeAsync().InTime());
        var task = instance.GetFunction("g").InvokeAsync();
        _guest.Open(0, 3);
        Assert.Equal([3], task.Completed());
    }

    [Fact]
    public async Task CallsThatWakeOneAnotherInALongChainAllHaveAStack()
    {
        // What awaits a call completes the task of the next one, on the thread and on top of the stack of the call that ended.
        const int Calls = 20_000;
        var f = _guest.Instantiate("""
            (func $id (param i32) (result i32)
              (if (i32.lt_s (local.get 0) (i32.const 0)) (then (return (call $id (i32.const 0)))))
              (local.get 0))
            (func (export "f") (param i32) (result i32) (i32.add (call $id (call $wait (local.get 0))) (i32.const 1)))
            """).GetFunction<Func<int, Task<int>>>("f");
        async Task<int> Link(int call, Task<int> task)
        {
            var result = await task.ConfigureAwait(false);
            _guest.Open(call + 1);
            return result;
        }

        var links = Enumerable.Range(0, Calls).Select(call => Link(call, f(call))).ToArray();
        _guest.Open(0);
        Assert.Equal(Enumerable.Range(1, Calls), await Task.WhenAll(links).InTime());
    }
}
