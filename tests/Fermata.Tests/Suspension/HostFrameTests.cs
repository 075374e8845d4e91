using System.Runtime.CompilerServices;

namespace Fermata.Tests.Suspension;

/// <summary>.NET code between two activations of WebAssembly (JSPI checklist, lines 11, 12 and 15).</summary>
public sealed class HostFrameTests : IDisposable
{
    private const string Back = """
        (import "env" "back" (func $back (param i32) (result i32)))
        (func (export "inner") (param i32) (result i32) (i32.add (call $wait (local.get 0)) (i32.const 1)))
        (func (export "outer") (param i32) (result i32) (i32.mul (call $back (local.get 0)) (i32.const 10)))
        """;

    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void ASynchronousHostFunctionIsABarrierEvenIfTheTaskIsComplete()
    {
        _guest.Linker.Define("env", "back", (Caller caller, int a) => caller.GetFunction("inner").Invoke(a)[0].AsI32());
        var instance = _guest.Instantiate(Back);
        _guest.Open(0);
        var error = instance.GetFunction<Func<int, Task<int>>>("outer")(0).Failed<SuspendException>();
        Assert.Equal("env.back", error.HostFunction);
        Assert.Contains("env.wait", error.Message, StringComparison.Ordinal);
        Assert.Contains("env.back", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _guest.Waits);
        Assert.Equal(1, instance.GetFunction<Func<int, Task<int>>>("inner")(0).Completed());
    }

    [Fact]
    public void TheInnermostHostFunctionIsNamed()
    {
        _guest.Linker.Define("env", "first", (Caller caller) => caller.GetFunction("b").Invoke()[0].AsI32());
        _guest.Linker.Define("env", "second", (Caller caller) => caller.GetFunction("c").Invoke()[0].AsI32());
        var instance = _guest.Instantiate("""
            (import "env" "first" (func $first (result i32))) (import "env" "second" (func $second (result i32)))
            (func (export "a") (result i32) (call $first))
            (func (export "b") (result i32) (call $second))
            (func (export "c") (result i32) (call $wait (i32.const 0)))
            """);
        Assert.Equal("env.second", instance.GetFunction("a").InvokeAsync().Failed<SuspendException>().HostFunction);
        Assert.Equal("env.second", instance.GetFunction("b").InvokeAsync().Failed<SuspendException>().HostFunction);
        Assert.False(instance.GetFunction("c").InvokeAsync().IsCompleted);
    }

    [Fact]
    public void AHostFunctionMayCatchTheExceptionAndTheCallMaySuspendAfterwards()
    {
        _guest.Linker.Define("env", "back", (Caller caller, int a) =>
        {
            try
            {
                return caller.GetFunction("inner").Invoke(a)[0].AsI32();
            }
            catch (SuspendException)
            {
                return -1;
            }
        });
        var f = _guest.Instantiate("""
            (import "env" "back" (func $back (param i32) (result i32)))
            (func (export "inner") (param i32) (result i32) (call $wait (local.get 0)))
            (func (export "f") (result i32) (i32.add (call $back (i32.const 0)) (call $wait (i32.const 0))))
            """).GetFunction<Func<Task<int>>>("f");
        var task = f();
        Assert.False(task.IsCompleted);
        _guest.Open(0, 100);
        Assert.Equal(99, task.Completed());
        Assert.Equal(1, _guest.Waits);
    }

    [Fact]
    public void AnAsyncHostFunctionIsNoBarrier()
    {
        _guest.Linker.Define("env", "back", async (Caller caller, int a) => (await caller.GetFunction("inner").InvokeAsync(a))[0].AsI32());
        var outer = _guest.Instantiate(Back).GetFunction<Func<int, Task<int>>>("outer");
        var first = outer(0);
        var second = outer(1);
        _guest.Open(1, 7);
        Assert.Equal(80, second.Completed());
        Assert.False(first.IsCompleted);
        _guest.Open(0, 6);
        Assert.Equal(70, first.Completed());
    }

    [Fact]
    public void ASynchronousCallInAnAsyncHostFunctionIsABarrier()
    {
        _guest.Linker.Define("env", "back", async (Caller caller, int a) =>
        {
            await Task.CompletedTask;
            return caller.GetFunction("inner").Invoke(a)[0].AsI32();
        });
        var error = _guest.Instantiate(Back).GetFunction<Func<int, Task<int>>>("outer")(0).Failed<SuspendException>();
        Assert.Equal("env.back", error.HostFunction);
    }

    [Fact]
    public void ASuspensionBelongsToTheInnermostPromisingCall()
    {
        Task<int>? inner = null;
        _guest.Linker.Define("env", "back", (Caller caller, int a) =>
        {
            // A synchronous host function may start a promising call too, as long as it does not wait for it.
            inner = caller.GetFunction("inner").As<Func<int, Task<int>>>()(a);
            return 5;
        });
        var outer = _guest.Instantiate(Back).GetFunction<Func<int, Task<int>>>("outer");
        Assert.Equal(50, outer(0).Completed());
        Assert.False(inner!.IsCompleted);
        _guest.Open(0, 1);
        Assert.Equal(2, inner.Completed());
    }

    [Fact]
    public void APromisingCallUnderASynchronousOneMaySuspend()
    {
        Task<int>? inner = null;
        _guest.Linker.Define("env", "back", (Caller caller, int a) =>
        {
            inner = caller.GetFunction("inner").As<Func<int, Task<int>>>()(a);
            return 5;
        });
        Assert.Equal(50, _guest.Instantiate(Back).GetFunction<Func<int, int>>("outer")(0));
        Assert.False(inner!.IsCompleted);
        _guest.Open(0, 1);
        Assert.Equal(2, inner.Completed());
    }

    [Fact]
    public async Task AsyncHostFunctionsNestAHundredDeep()
    {
        _guest.Linker.Define("env", "again", async (Caller caller, int n) => 1 + await caller.GetFunction("f").As<Func<int, Task<int>>>()(n - 1));
        var f = _guest.Instantiate("""
            (import "env" "again" (func $again (param i32) (result i32)))
            (func (export "f") (param i32) (result i32)
              (i32.add
                (local.get 0)
                (if (result i32) (local.get 0) (then (call $again (local.get 0))) (else (call $wait (i32.const 0))))))
            """).GetFunction<Func<int, Task<int>>>("f");
        var task = f(100);
        Assert.False(task.IsCompleted);
        _guest.Open(0, 1_000_000);
        Assert.Equal(1_000_000 + 100 + 5050, await task.InTime());
    }

    [Fact]
    public async Task AnAsyncHostFunctionMayWaitForSeveralCallsOfItsCaller()
    {
        _guest.Linker.Define("env", "all", async (Caller caller, int count) =>
        {
            var one = caller.GetFunction("one").As<Func<int, Task<int>>>();
            return (await Task.WhenAll(Enumerable.Range(0, count).Select(one))).Sum();
        });
        var f = _guest.Instantiate("""
            (import "env" "all" (func $all (param i32) (result i32)))
            (func (export "one") (param i32) (result i32) (call $wait (local.get 0)))
            (func (export "f") (result i32) (call $all (i32.const 10)))
            """).GetFunction<Func<Task<int>>>("f");
        var task = f();
        for (var gate = 9; gate >= 0; gate--)
        {
            Assert.False(task.IsCompleted);
            _guest.Open(gate);
        }

        Assert.Equal(45, await task.InTime());
    }

    [Fact]
    public void AHostFunctionThatCallsBackAfterItsFirstAwaitIsNoBarrierToItsCaller()
    {
        // Continued from outside, it stands on no stack of WebAssembly any more: its synchronous call is a call like any other.
        _guest.Linker.Define("env", "back", async (Caller caller, int a) =>
        {
            await _guest.Gate(1).Wait();
            return caller.GetFunction("twice").Invoke(a)[0].AsI32();
        });
        var f = _guest.Instantiate("""
            (import "env" "back" (func $back (param i32) (result i32)))
            (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
            (func (export "f") (param i32) (result i32) (call $back (local.get 0)))
            """).GetFunction<Func<int, Task<int>>>("f");
        var task = f(21);
        _guest.Open(1);
        Assert.Equal(42, task.Completed());
    }

    [Fact]
    public void AHostFunctionInATableIsABarrierToo()
    {
        var instance = _guest.Instantiate("""
            (table (export "table") 1 funcref)
            (type $call (func (param i32) (result i32)))
            (func (export "inner") (param i32) (result i32) (call $wait (local.get 0)))
            (func (export "outer") (param i32) (result i32) (call_indirect (type $call) (local.get 0) (i32.const 0)))
            """);
        var inner = instance.GetFunction<Func<int, int>>("inner");
        instance.GetTable("table").Set(0, Function.Create(_guest.Store, (int a) => inner(a), "middleman"));
        Assert.Equal("middleman", instance.GetFunction("outer").InvokeAsync(0).Failed<SuspendException>().HostFunction);

        // An async delegate in the table suspends as an import does.
        instance.GetTable("table").Set(0, Function.Create(_guest.Store, (int a) => _guest.Gate(a).Wait()));
        var task = instance.GetFunction<Func<int, Task<int>>>("outer")(0);
        Assert.False(task.IsCompleted);
        _guest.Open(0, 9);
        Assert.Equal(9, task.Completed());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AHostFunctionThatBlocksForACallOfItsStoreIsTold(bool waits)
    {
        _guest.Linker.Define("env", "block", (Caller caller) =>
        {
            var call = caller.GetFunction("inner")!.As<Func<Task<int>>>()();
            if (waits)
                call.Wait();
            return call.Result;
        });
        var instance = _guest.Instantiate("""
            (import "env" "block" (func $block (result i32)))
            (func (export "inner") (result i32) (call $wait (i32.const 1)))
            (func (export "f") (result i32) (call $block))
            """);
        var exception = await Assert.ThrowsAsync<TaskSchedulerException>(() => instance.GetFunction<Func<Task<int>>>("f")().InTime());
        var reason = Assert.IsType<InvalidOperationException>(exception.InnerException);
        Assert.Contains("cannot go on before the function has returned", reason.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AHostFunctionMayStartACallAndLeaveItToOthers()
    {
        var started = new List<Task<int>>();
        _guest.Linker.Define("env", "start", (Caller caller, int gate) => started.Add(caller.GetFunction("inner")!.As<Func<int, Task<int>>>()(gate)));
        var f = _guest.Instantiate("""
            (import "env" "start" (func $start (param i32)))
            (func (export "inner") (param i32) (result i32) (call $wait (local.get 0)))
            (func (export "f") (call $start (i32.const 1)) (call $start (i32.const 2)))
            """).GetFunction<Action>("f");
        f();
        Assert.All(started, task => Assert.False(task.IsCompleted));
        _guest.Open(1, 42);
        _guest.Gate(2).Fail(new FormatException());
        Assert.Equal(42, started[0].Completed());
        started[1].Failed<FormatException>();
    }

    [Fact]
    public void ATrapThroughManyHostFunctionsTakesNoStackForEach()
    {
        const int Levels = 100;
        const int StackBytes = 1 << 20;
        var (level, isShort) = (0, false);
        _guest.Linker.Define("env", "back", (Caller caller) =>
        {
            try
            {
                caller.GetFunction(++level < Levels ? "f" : "trap").Invoke();
            }
            catch (TrapException) when (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            {
                isShort = true;
            }
        });

        // Each call has moved to the heap before it calls the host, and its frames are dropped when the trap comes through.
        var f = _guest.Instantiate("""
            (import "env" "back" (func $back))
            (func $down (param i32) (if (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1))))))
            (func (export "f") (call $down (i32.const 50000)) (call $back))
            (func (export "trap") (unreachable))
            """).GetFunction("f");
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => f.Invoke()), StackBytes);
        thread.Start();
        thread.Join();
        Assert.False(isShort, "The trap used up the stack.");
        Assert.Equal(Levels, level);
        Assert.Equal(TrapKind.Unreachable, Assert.IsType<TrapException>(failure).Kind);
    }
}
