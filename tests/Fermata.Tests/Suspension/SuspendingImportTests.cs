using System.Threading.Channels;

namespace Fermata.Tests.Suspension;

/// <summary>What an import that returns a task does for WebAssembly (JSPI checklist, lines 2, 3, 10, 13, 14, 16 and 21).</summary>
public sealed class SuspendingImportTests : IDisposable
{
    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    public static TheoryData<string, string, Func<Task<int>, Delegate>, string> Delegates => new()
    {
        { "Task", "", gate => Task () => gate, "" },
        { "Task of int", "(result i32)", gate => () => gate, "i32:1" },
        { "ValueTask", "", gate => () => new ValueTask(gate), "" },
        { "ValueTask of int", "(result i32)", gate => () => new ValueTask<int>(gate), "i32:1" },
        { "async without result", "", gate => async Task () => await gate, "" },
        { "async ValueTask", "(result i32)", gate => async ValueTask<int> () => await gate, "i32:1" },
        { "uint", "(result i32)", gate => async () => (uint)await gate, "i32:1" },
        { "long", "(result i64)", gate => async () => (long)await gate, "i64:1" },
        { "float", "(result f32)", gate => async () => (float)await gate, "f32:1" },
        { "double", "(result f64)", gate => async () => (double)await gate, "f64:1" },
        { "object", "(result externref)", gate => async () => (object)await gate, "externref:Int32" },
        { "two results", "(result i32 i64)", gate => async () => (await gate, 2L), "i32:1 i64:2" },
        {
            "nine results", "(result i32 i32 i32 i32 i32 i32 i32 externref f64)", gate => async () => (await gate, 2, 3, 4, 5, 6, 7, "8", 9.0),
            "i32:1 i32:2 i32:3 i32:4 i32:5 i32:6 i32:7 externref:String f64:9"
        },
    };

    [Theory]
    [MemberData(nameof(Delegates), DisableDiscoveryEnumeration = true)]
    public void AnyAsyncDelegateCanBeWrapped(string what, string results, Func<Task<int>, Delegate> create, string expected)
    {
        var gate = new TaskCompletionSource<int>();
        _guest.Linker.Define("env", what, create(gate.Task));
        var f = _guest.Instantiate($"""
            (import "env" "{what}" (func $import {results}))
            (func (export "f") {results} (call $import))
            """).GetFunction("f");
        var suspended = f.InvokeAsync();
        Assert.False(suspended.IsCompleted);
        gate.SetResult(1);
        var results1 = suspended.Completed();
        var results2 = f.InvokeAsync().Completed();
        Assert.Equal(f.Type.Results, results1.Select(value => value.Type));
        Assert.Equal([expected, expected], new[] { results1, results2 }.Select(values => string.Join(' ', values)));
    }

    [Fact]
    public async Task AValueTaskThatMayBeAwaitedOnlyOnceIs()
    {
        var channel = Channel.CreateUnbounded<int>();
        _guest.Linker.Define("env", "read", () => channel.Reader.ReadAsync());
        var f = _guest.Instantiate("""
            (import "env" "read" (func $read (result i32)))
            (func (export "f") (result i32) (i32.add (call $read) (i32.add (call $read) (call $read))))
            """).GetFunction<Func<Task<int>>>("f");
        var task = f();
        for (var i = 1; i <= 3; i++)
            await channel.Writer.WriteAsync(i);
        Assert.Equal(6, await task.InTime());
    }

    [Fact]
    public void AMissingImportIsALinkErrorThatNamesIt()
    {
        var error = Assert.Throws<LinkException>(() => _guest.Instantiate("""(import "env" "sleep" (func (param i32) (result i64)))"""));
        Assert.Equal(("unknown import", "env", "sleep"), (error.Problem, error.ModuleName, error.FieldName));
        Assert.Contains("(func (param i32) (result i64))", error.Message, StringComparison.Ordinal);
        Assert.Null(error.Found);
    }

    [Fact]
    public void AnImportOfTheWrongTypeIsALinkErrorWithBothTypes()
    {
        _guest.Linker.Define("env", "sleep", async (long time) => await Task.Delay(TimeSpan.FromTicks(time)));
        var error = Assert.Throws<LinkException>(() => _guest.Instantiate("""(import "env" "sleep" (func (param i32)))"""));
        Assert.Equal(("incompatible import type", "env", "sleep"), (error.Problem, error.ModuleName, error.FieldName));
        Assert.Contains("expects (func (param i32)), found (func (param i64))", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAPromisingCallTheHostFunctionIsNotCalled()
    {
        _guest.Open(0);
        var instance = _guest.Instantiate("""(func (export "f") (result i32) (call $wait (i32.const 0)))""");
        var untyped = Assert.Throws<SuspendException>(() => instance.GetFunction("f").Invoke());
        var typed = Assert.Throws<SuspendException>(() => instance.GetFunction<Func<int>>("f")());
        Assert.Contains("env.wait", untyped.Message, StringComparison.Ordinal);
        Assert.Contains("not promising", untyped.Message, StringComparison.Ordinal);
        Assert.Equal(untyped.Message, typed.Message);
        Assert.Null(untyped.HostFunction);
        Assert.Equal(0, _guest.Waits);
        Assert.Equal(0, instance.GetFunction<Func<Task<int>>>("f")().Completed());
    }

    [Fact]
    public void ThrowingAtOnceAndFailingLaterLookTheSame()
    {
        var failure = new FormatException("no such thing");
        var gate = new TaskCompletionSource();
        _guest.Linker.Define("env", "throws", Task () => throw failure);
        _guest.Linker.Define("env", "failed", () => Task.FromException(failure));
        _guest.Linker.Define("env", "fails", () => gate.Task);
        var instance = _guest.Instantiate("""
            (import "env" "throws" (func $throws)) (import "env" "failed" (func $failed)) (import "env" "fails" (func $fails))
            (func (export "throws") (call $throws)) (func (export "failed") (call $failed)) (func (export "fails") (call $fails))
            (func (export "after waiting") (drop (call $wait (i32.const 0))) (call $throws))
            """);
        Task Call(string name) => instance.GetFunction(name).InvokeAsync();
        Task[] tasks = [Call("throws"), Call("failed"), Call("fails"), Call("after waiting")];
        Assert.Equal([true, true, false, false], tasks.Select(task => task.IsCompleted));
        gate.SetException(failure);
        _guest.Open(0);
        foreach (var task in tasks)
        {
            Assert.Same(failure, task.Failed<FormatException>());
            Assert.Equal([failure], task.Exception!.InnerExceptions);
        }
    }

    [Fact]
    public void AFailureInALoopFailsAfterAnyNumberOfSuspensions()
    {
        var f = _guest.Instantiate("""
            (func (export "f") (local $i i32)
              (loop $again
                (local.set $i (i32.add (local.get $i) (call $wait (local.get $i))))
                (br $again)))
            """).GetFunction<Func<Task>>("f");
        var task = f();
        for (var i = 0; i < 20; i++)
            _guest.Open(i, 1);
        Assert.False(task.IsCompleted);
        _guest.Gate(20).Fail(new TimeoutException("too late"));
        Assert.Equal("too late", task.Failed<TimeoutException>().Message);
        Assert.Equal(21, _guest.Waits);
    }

    [Fact]
    public void AResultThatDoesNotFitTheImportFailsAtTheCall()
    {
        var gate = new TaskCompletionSource<Function>();
        _guest.Linker.Define("env", "choose", () => gate.Task);
        var f = _guest.Instantiate("""
            (type $t (func (param i32) (result i32)))
            (import "env" "choose" (func $choose (result (ref null $t))))
            (func (export "f") (result i32) (call_ref $t (i32.const 1) (call $choose)))
            """).GetFunction<Func<Task<int>>>("f");
        var suspended = f();
        gate.SetResult(Function.Create(_guest.Store, (long a) => a));
        Assert.StartsWith("Result 1 of the host function env.choose is a ", suspended.Failed<InvalidCastException>().Message, StringComparison.Ordinal);
        Assert.Equal(suspended.Failed<InvalidCastException>().Message, f().Failed<InvalidCastException>().Message);
    }

    [Fact]
    public void ATaskThatIsNullIsAnErrorThatNamesTheImport()
    {
        _guest.Linker.Define("env", "nothing", Task<int> () => null!);
        var f = _guest.Instantiate("""
            (import "env" "nothing" (func $nothing (result i32)))
            (func (export "f") (result i32) (call $nothing))
            """).GetFunction<Func<Task<int>>>("f");
        Assert.Equal("The host function env.nothing returned null instead of a task.", f().Failed<InvalidOperationException>().Message);
    }

    [Fact]
    public void ACancelledTaskCancelsTheCall()
    {
        var f = _guest.Instantiate("""(func (export "f") (result i32) (call $wait (i32.const 0)))""").GetFunction<Func<Task<int>>>("f");
        var suspended = f();
        _guest.Gate(0).Cancel();
        Assert.True(suspended.IsCanceled);
        Assert.True(f().IsCanceled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ACompletedTaskSuspendsOnlyIfTheStoreSaysSo(bool always)
    {
        using var guest = new GatedGuest(options: new StoreOptions { AlwaysSuspend = always });
        guest.Open(0, 3);
        Task<int>? task = null;
        var endedAtOnce = false;

        // The import has the store's turn, so a call that suspends under it cannot go on before it returns.
        guest.Linker.Define("env", "start", (Caller caller) =>
        {
            task = caller.GetFunction("f").As<Func<Task<int>>>()();
            endedAtOnce = task.IsCompleted;
        });
        var instance = guest.Instantiate("""
            (import "env" "start" (func $start))
            (func (export "main") (call $start))
            (func (export "f") (result i32) (call $wait (i32.const 0)))
            """);
        instance.GetFunction("main").Invoke();
        Assert.Equal(!always, endedAtOnce);
        Assert.Equal(3, await task!.InTime());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AValueTaskOfNothingIsComplete(bool alwaysSuspends)
    {
        using var guest = new GatedGuest(options: new StoreOptions { AlwaysSuspend = alwaysSuspends });
        guest.Linker.Define("env", "nothing", () => default(ValueTask));
        guest.Linker.Define("env", "zero", () => default(ValueTask<(int, string)>));
        var f = guest.Instantiate("""
            (import "env" "nothing" (func $nothing)) (import "env" "zero" (func $zero (result i32 externref)))
            (func (export "f") (param i32) (result i32 i32 externref) (call $nothing) (local.get 0) (call $zero) (call $nothing))
            """).GetFunction<Func<int, Task<(int, int, object?)>>>("f");
        Assert.Equal((7, 0, null), await f(7).InTime());
        Assert.Empty(guest.Store.Fibers);
    }

    [Fact]
    public void ATaskMayCompleteBeforeTheImportReturns()
    {
        _guest.Linker.Define("env", "wait2", (int gate) =>
        {
            var task = _guest.Gate(gate).Wait();
            _guest.Open(gate, 8);
            return task;
        });
        var f = _guest.Instantiate("""
            (import "env" "wait2" (func $wait2 (param i32) (result i32)))
            (func (export "f") (result i32) (i32.mul (call $wait2 (i32.const 0)) (i32.const 10)))
            """).GetFunction<Func<Task<int>>>("f");
        Assert.Equal(80, f().Completed());
    }

    [Fact]
    public void AFiberGoesOnOnTheThreadThatCompletesItsTask()
    {
        var threads = new List<int>();
        _guest.Linker.Define("env", "thread", () => threads.Add(Environment.CurrentManagedThreadId));
        var f = _guest.Instantiate("""
            (import "env" "thread" (func $thread))
            (func (export "f") (result i32)
              (call $thread)
              (i32.add
                (call $wait (i32.const 0))
                (call $thread)
                (i32.add (call $wait (i32.const 1)) (i32.const 10)))
              (call $thread))
            """).GetFunction<Func<Task<int>>>("f");
        var task = f();
        var other = new Thread(() => _guest.Open(0, 100));
        other.Start();
        other.Join();
        Assert.False(task.IsCompleted);
        _guest.Open(1, 1000);
        Assert.Equal(1110, task.Completed());
        var here = Environment.CurrentManagedThreadId;
        Assert.Equal([here, other.ManagedThreadId, here], threads);
    }
}
