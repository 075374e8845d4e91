using System.Runtime.CompilerServices;

namespace Fermata.Tests.Suspension;

/// <summary>What calls keep alive (JSPI checklist, line 22).</summary>
public sealed class LifetimeTests : IDisposable
{
    private const string Program = """
        (import "env" "see" (func $see (param externref)))
        (func $inner (param externref i32) (result externref) (drop (call $wait (local.get 1))) (local.get 0))
        (func (export "hold") (param externref i32) (result externref) (call $inner (local.get 0) (local.get 1)))
        (func (export "fail") (param externref i32) (result externref)
          (drop (call $inner (local.get 0) (local.get 1))) (drop (local.get 0)) unreachable)
        (func (export "use") (param externref i32) (result externref)
          (call $see (local.get 0)) (drop (call $wait (local.get 1))) (ref.null extern))
        """;

    private readonly GatedGuest _guest = new();
    private readonly Instance _instance;

    public LifetimeTests()
    {
        _guest.Linker.Define("env", "see", (object thing) => { });
        _instance = _guest.Instantiate(Program);
    }

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void AFinishedCallKeepsNothing()
    {
        var thing = Start("hold", 0, out var task);
        AssertAlive(thing);
        _guest.Open(0);
        Assert.True(task.IsCompletedSuccessfully);
        task = Task.CompletedTask;
        AssertCollected(thing);
    }

    [Fact]
    public void ACallThatDidNotSuspendKeepsNothing()
    {
        _guest.Open(0);
        var thing = Start("hold", 0, out var task);
        Assert.True(task.IsCompletedSuccessfully);
        task = Task.CompletedTask;
        AssertCollected(thing);
    }

    [Fact]
    public void ASynchronousCallKeepsNothing()
    {
        var instance = _guest.Instantiate("""(func (export "f") (param externref externref) (result externref) (local.get 1))""");
        AssertCollected(Invoke(instance.GetFunction("f")));
        AssertCollected(InvokeTyped(instance.GetFunction<Func<object, object, object>>("f")));
    }

    [Fact]
    public void AFailedCallKeepsNothing()
    {
        var thing = Start("fail", 0, out var task);
        _guest.Open(0);
        Assert.True(task.IsFaulted);
        AssertCollected(thing);
        GC.KeepAlive(task);
    }

    [Fact]
    public void ACancelledCallKeepsNothingEvenIfItsTaskGoesOn()
    {
        using var source = new CancellationTokenSource();
        var thing = Start("hold", 0, out var task, source.Token);
        AssertAlive(thing);
        source.Cancel();
        Assert.True(task.IsCanceled);
        AssertCollected(thing);
        GC.KeepAlive(_guest.Gate(0));
    }

    [Fact]
    public void ALocalThatIsNotUsedAnyMoreIsNotKeptByASuspendedCall()
    {
        var thing = Start("use", 0, out var task);
        Assert.False(task.IsCompleted);
        AssertCollected(thing);
        _guest.Open(0);
        Assert.True(task.IsCompletedSuccessfully);
    }

    [Fact]
    public void AStoreIsNotKeptByTheTokensOfCallsThatHaveEnded()
    {
        using var source = new CancellationTokenSource();
        AssertCollected(UseStore(source.Token));
        source.Cancel();
    }

    [Theory]
    [InlineData("return", 0)]
    [InlineData("return", 40)]
    [InlineData("throw", 0)]
    [InlineData("throw", 40)]
    public void WhatFramesKeptThatAreGoneIsNotKeptWhileTheCallWaitsAgain(string end, int depth)
    {
        var f = _guest.Instantiate($"""
            (import "env" "see" (func $see (param externref)))
            (tag $tag)
            (func $deep (param $n i32) (param $thing externref)
              (if (local.get $n) (then (call $deep (i32.sub (local.get $n) (i32.const 1)) (local.get $thing))) (else (drop (call $wait (i32.const 0)))))
              (if (i32.eqz (local.get $n)) (then ({end} {(end == "throw" ? "$tag" : "")})))
              (call $see (local.get $thing)))
            (func (export "f") (param $n i32) (param $thing externref)
              (block $caught (try_table (catch_all $caught) (call $deep (local.get $n) (local.get $thing))))
              (drop (call $wait (i32.const 1))))
            """).GetFunction<Func<int, object, Task>>("f");
        var thing = StartWith(f, depth, out var task);
        AssertAlive(thing);
        _guest.Open(0);
        Assert.Equal(2, _guest.Waits);
        AssertCollected(thing);
        _guest.Open(1);
        Assert.True(task.IsCompletedSuccessfully);
    }

    [Fact]
    public void ACallWhoseTaskNeverCompletesIsCollectable()
    {
        var (thing, gate, call) = Abandon();
        AssertCollected(gate);
        AssertCollected(call);
        AssertCollected(thing);
        GC.KeepAlive(_instance);
    }

    [Fact]
    public void AStoreWithSuspendedCallsIsCollectable()
    {
        var (store, thing) = AbandonStoreAndCall();
        AssertCollected(store);
        AssertCollected(thing);
    }

    [Fact]
    public void TheTaskOfACallThatEndedKeepsNothingOfTheStore()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var gate = new TaskCompletionSource();
        var (store, _, call) = AbandonStore(gate.Task);
        AssertAlive(store);
        gate.SetResult();
        Assert.True(call.IsCompletedSuccessfully);
        AssertCollected(store);
        GC.KeepAlive(call);
    }

    [Fact]
    public void WhatASuspendedCallNeedsSurvivesCollections()
    {
        var hold = _instance.GetFunction<Func<object, int, Task<object>>>("hold");
        var tasks = Enumerable.Range(0, 1000).Select(i => hold($"thing {i}", i)).ToArray();
        for (var i = 999; i >= 0; i--)
        {
            if (i % 100 == 0)
                GC.Collect();
            _guest.Open(i);
            Assert.Equal($"thing {i}", tasks[i].Completed());
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Start(string name, int gate, out Task task, CancellationToken cancellationToken = default)
    {
        var thing = new object();
        task = _instance.GetFunction<Func<object, int, CancellationToken, Task<object>>>(name)(thing, gate, cancellationToken);
        return new WeakReference(thing);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference StartWith(Func<int, object, Task> function, int number, out Task task)
    {
        var thing = new object();
        task = function(number, thing);
        return new WeakReference(thing);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Invoke(Function function)
    {
        var thing = new object();
        function.Invoke(Value.FromRef("first", ValType.ExternRef), Value.FromRef(thing, ValType.ExternRef));
        return new WeakReference(thing);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference InvokeTyped(Func<object, object, object> function)
    {
        var thing = new object();
        function("first", thing);
        return new WeakReference(thing);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (WeakReference Thing, WeakReference Gate, WeakReference Call) Abandon()
    {
        // The store keeps its instances, and these what they import.
        var gate = new TaskCompletionSource();
        var gates = new Queue<TaskCompletionSource>([gate]);
        _guest.Linker.Define("env", "never", () => gates.Dequeue().Task);
        _guest.Linker.AllowRedefinition = true;
        var hold = _guest.Instantiate("""
            (import "env" "never" (func $never))
            (func (export "hold") (param externref) (result externref) (call $never) (local.get 0))
            """).GetFunction<Func<object, Task<object>>>("hold");
        var thing = new object();
        var call = hold(thing);
        Assert.False(call.IsCompleted);
        _guest.Linker.Define("env", "never", () => Task.CompletedTask);
        return (new WeakReference(thing), new WeakReference(gate), new WeakReference(call));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (WeakReference Store, WeakReference Thing) AbandonStoreAndCall()
    {
        var (store, thing, _) = AbandonStore(new TaskCompletionSource().Task);
        return (store, thing);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (WeakReference Store, WeakReference Thing, Task Call) AbandonStore(Task gate)
    {
        var thing = new object();
        var store = new Store(_guest.Engine);
        var linker = new Linker(_guest.Engine);
        linker.Define("env", "wait", () => gate);
        var instance = linker.Instantiate(store, Module.Parse(_guest.Engine, """
            (import "env" "wait" (func $wait))
            (memory 1)
            (func (export "hold") (param externref) (result externref) (call $wait) (local.get 0))
            """));
        var call = instance.GetFunction<Func<object, Task<object>>>("hold")(thing);
        Assert.False(call.IsCompleted);
        return (new WeakReference(store), new WeakReference(thing), call);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference UseStore(CancellationToken token)
    {
        var store = new Store(_guest.Engine);
        var gate = new Gate();
        var f = new Linker(_guest.Engine).Define("env", "wait", gate.Wait).Instantiate(store, Module.Parse(_guest.Engine, """
            (import "env" "wait" (func $wait (result i32)))
            (func (export "f") (result i32) (call $wait))
            """, CancellationToken.None), token).GetFunction<Func<CancellationToken, Task<int>>>("f");
        var suspended = f(token);
        gate.Open(5);
        Assert.Equal([5, 5], [suspended.Completed(), f(token).Completed()]);
        return new WeakReference(store);
    }

    private static void AssertAlive(WeakReference reference)
    {
        GC.Collect();
        Assert.True(reference.IsAlive);
    }

    private static void AssertCollected(WeakReference reference)
    {
        for (var i = 0; i < 10 && reference.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(reference.IsAlive);
    }
}
