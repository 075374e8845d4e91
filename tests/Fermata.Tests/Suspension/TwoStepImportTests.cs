using System.Runtime.Intrinsics;
using Fermata.Tests.Hosting;

namespace Fermata.Tests.Suspension;

/// <summary>Imports in two steps: one that may wait, and one that runs on the store's turn when the WebAssembly code goes on.</summary>
public sealed class TwoStepImportTests : IDisposable
{
    /// <summary>A C function with a buffer on its C stack, which the host is to fill; it returns the first number in it.</summary>
    private const string Reader = """
        (import "env" "read" (func $read (param i32 i32) (result i32)))
        (memory (export "memory") 4)
        (global $sp (export "__stack_pointer") (mut i32) (i32.const 65536))
        (global $heap (mut i32) (i32.const 65536))
        (func (export "malloc") (param $size i32) (result i32)
          (global.get $heap)
          (global.set $heap (i32.add (global.get $heap) (local.get $size)))
          (drop (memory.grow (i32.const 1))))
        (func (export "free") (param i32))
        (func (export "f") (param $number i32) (result i32)
          (local $buffer i32)
          (local.set $buffer (i32.sub (global.get $sp) (i32.const 64)))
          (global.set $sp (local.get $buffer))
          (memory.fill (local.get $buffer) (i32.const 0) (i32.const 64))
          (if (i32.ne (call $read (local.get $number) (local.get $buffer)) (i32.const 4)) (then unreachable))
          (global.set $sp (i32.add (local.get $buffer) (i32.const 64)))
          (i32.load (local.get $buffer)))
        """;

    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheSecondStepGetsTheResultAndTheArguments(bool isCompleteAtOnce)
    {
        var gate = new TaskCompletionSource<(string Text, int Number)>();
        var reference = new object();
        object? seen = null;
        _guest.Linker.Define(
            "env",
            "f",
            (int i, string text, long l, float f, double d, Vector128<byte> v, object o) => gate.Task,
            (Caller caller, (string Text, int Number) result, int i, string text, long l, float f, double d, Vector128<byte> v, object o) =>
            {
                seen = (caller.Instance!.Module.Exports.Count, result, i, text, l, f, d, v, o);
                return (i + result.Number, text + result.Text);
            });
        var f = _guest.Instantiate("""
            (import "env" "f" (func $f (param i32 externref i64 f32 f64 v128 externref) (result i32 externref)))
            (func (export "f") (param externref externref) (result i32 externref)
              (call $f (i32.const -1) (local.get 0) (i64.const -2) (f32.const 0.5) (f64.const -0.25) (v128.const i64x2 3 4) (local.get 1)))
            """).GetFunction<Func<object, object, Task<(int, object)>>>("f");

        if (isCompleteAtOnce)
            gate.SetResult(("b", 8));
        var task = f("a", reference);
        Assert.Equal(isCompleteAtOnce, task.IsCompleted);
        if (!isCompleteAtOnce)
            Complete(() => gate.SetResult(("b", 8)));

        Assert.Equal((7, "ab"), task.Completed());
        Assert.Equal((1, ("b", 8), -1, "a", -2L, 0.5f, -0.25, Vector128.Create(3L, 4L).AsByte(), reference), seen);
    }

    [Fact]
    public void ATaskWithoutResultIsCompletedToo()
    {
        var (gate, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var seen = new List<string>();
        _guest.Linker.Define("env", "f", (int number) => (Task)gate.Task, (int number) => seen.Add($"{number}"));
        _guest.Linker.Define("env", "g", (int number) => new ValueTask(second.Task), (Caller caller, int number) => seen.Add($"{caller.Instance is not null} {number}"));
        var f = _guest.Instantiate("""
            (import "env" "f" (func $f (param i32)))
            (import "env" "g" (func $g (param i32)))
            (func (export "f") (param i32) (call $f (local.get 0)) (call $g (i32.const 2)))
            """).GetFunction<Func<int, Task>>("f");
        var task = f(1);
        Assert.Empty(seen);
        Complete(gate.SetResult);
        Complete(second.SetResult);
        Assert.True(task.IsCompletedSuccessfully);
        Assert.Equal(["1", "True 2"], seen);
    }

    [Theory]
    [InlineData(ShadowStackPolicy.CopyOnConflict)]
    [InlineData(ShadowStackPolicy.Copy)]
    [InlineData(ShadowStackPolicy.Separate)]
    public void WhatIsWrittenThroughPointersLandsOnTheCStackOfTheCall(ShadowStackPolicy policy)
    {
        const int Calls = 200;
        using var guest = new Guest(new StoreOptions { ShadowStack = policy, SeparateStackBytes = 1024 });
        var gates = Enumerable.Range(0, Calls).Select(_ => new TaskCompletionSource<int>()).ToArray();
        guest.Linker.Define("env", "read", (int number, int buffer) => gates[number].Task, (Caller caller, int result, int number, int buffer) =>
        {
            caller.Memory.Write(buffer, result);
            return 4;
        });
        var f = guest.Instantiate(Reader).GetFunction<Func<int, Task<int>>>("f");
        var tasks = Enumerable.Range(0, Calls).Select(f).ToArray();
        var order = Enumerable.Range(0, Calls).ToArray();
        new Random(1).Shuffle(order);
        Complete(() => Array.ForEach(order, number => gates[number].SetResult(1000 + number)));
        Assert.Equal(Enumerable.Range(1000, Calls), tasks.Select(task => task.Completed()));
    }

    /// <summary>Why there are two steps: the same with the plain form.</summary>
    [Fact]
    public void WhatIsWrittenAfterAnAwaitLandsOnTheCStackOfAnother()
    {
        TaskCompletionSource[] gates = [new(), new()];
        Memory? memory = null;
        _guest.Linker.Define("env", "read", async (int number, int buffer) =>
        {
            await gates[number].Task.ConfigureAwait(false);
            memory!.Write(buffer, 1000 + number);
            return 4;
        });
        var instance = _guest.Instantiate(Reader);
        memory = instance.GetMemory("memory")!;
        var f = instance.GetFunction<Func<int, Task<int>>>("f");
        Task<int>[] tasks = [f(0), f(1)];
        Complete(gates[0].SetResult);
        Complete(gates[1].SetResult);
        Assert.NotEqual([1000, 1001], tasks.Select(task => task.Completed()));
    }

    [Theory]
    [InlineData("begin")]
    [InlineData("task")]
    [InlineData("complete")]
    public void WhatAStepThrowsIsCaughtAtTheCall(string where)
    {
        var gate = new TaskCompletionSource<int>();
        var hasCompleted = false;
        _guest.Linker.Define(
            "env",
            "f",
            () => where == "begin" ? throw new FormatException() : gate.Task,
            (int result) =>
            {
                hasCompleted = true;
                return where == "complete" ? throw new FormatException() : result;
            });
        var f = _guest.Instantiate("""
            (import "env" "f" (func $f (result i32)))
            (func (export "f") (result i32)
              (block $caught (try_table (catch_all $caught) (return (call $f))))
              (i32.const -1))
            """).GetFunction<Func<Task<int>>>("f");
        var task = f();
        Assert.Equal(where == "begin", task.IsCompleted);
        Complete(() => _ = where == "task" ? gate.TrySetException(new FormatException()) : gate.TrySetResult(1));
        Assert.Equal(-1, task.Completed());
        Assert.Equal(where == "complete", hasCompleted);
    }

    [Fact]
    public void ACallThatIsCancelledIsNotCompleted()
    {
        using var cancellation = new CancellationTokenSource();
        var gate = new TaskCompletionSource<int>();
        _guest.Linker.Define("env", "f", () => gate.Task, int (int result) => throw new FormatException());
        var f = _guest.Instantiate("""(import "env" "f" (func $f (result i32))) (func (export "f") (result i32) (call $f))""")
            .GetFunction<Func<CancellationToken, Task<int>>>("f");
        var task = f(cancellation.Token);
        cancellation.Cancel();
        Assert.True(task.IsCanceled);
        gate.SetResult(1);
    }

    [Fact]
    public void ATailCallOfTheImportKeepsItsArguments()
    {
        var gate = new TaskCompletionSource<int>();
        _guest.Linker.Define("env", "f", (int a, object b) => gate.Task, (int result, int a, object b) => result + a + ((string)b).Length);
        var f = _guest.Instantiate("""
            (import "env" "f" (func $f (param i32 externref) (result i32)))
            (func (export "f") (param externref) (result i32) (return_call $f (i32.const 10) (local.get 0)))
            """).GetFunction<Func<object, Task<int>>>("f");
        var task = f("abc");
        Complete(() => gate.SetResult(100));
        Assert.Equal(113, task.Completed());
    }

    [Fact]
    public void TheSecondStepMayCallBackButNothingSuspendsBeneathIt()
    {
        var (gate, second) = (new TaskCompletionSource<int>(), new TaskCompletionSource<int>());
        _guest.Linker.Define("env", "f", () => gate.Task, (Caller caller, int result) => caller.GetFunction("twice")!.As<Func<int, int>>()(result));
        _guest.Linker.Define("env", "g", () => second.Task, (Caller caller, int result) => caller.GetFunction("f")!.As<Func<int>>()());
        var instance = _guest.Instantiate("""
            (import "env" "f" (func $f (result i32)))
            (import "env" "g" (func $g (result i32)))
            (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
            (func (export "f") (result i32) (call $f))
            (func (export "g") (result i32) (call $g))
            """);
        var f = instance.GetFunction<Func<Task<int>>>("f")();
        var g = instance.GetFunction<Func<Task<int>>>("g")();
        Complete(() => gate.SetResult(21));
        Complete(() => second.SetResult(21));
        Assert.Equal(42, f.Completed());
        var exception = Assert.IsType<SuspendException>(g.Exception!.InnerException);
        Assert.Equal("env.g", exception.HostFunction);
    }

    [Fact]
    public async Task ItAllocatesNoMoreThanThePlainForm()
    {
        const int Calls = 10_000;
        var source = new TaskCompletionSource<int>();
        Func<int, Task<int>> begin = _ => (source = new TaskCompletionSource<int>()).Task;
        _guest.Linker.Define("env", "plain", begin);
        _guest.Linker.Define("env", "two", begin, static (Caller _, int result, int argument) => result + argument);
        var instance = _guest.Instantiate("""
            (import "env" "plain" (func $plain (param i32) (result i32)))
            (import "env" "two" (func $two (param i32) (result i32)))
            (func (export "plain") (param $n i32)
              (loop $next (drop (call $plain (local.get $n))) (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
            (func (export "two") (param $n i32)
              (loop $next (drop (call $two (local.get $n))) (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
            """);
        long Allocated(string export)
        {
            SynchronizationContext.SetSynchronizationContext(null);
            var f = instance.GetFunction<Func<int, Task>>(export);
            var before = 0L;
            var task = f(Calls + 100);
            for (var i = 0; i < Calls + 100; i++)
            {
                if (i == 100)
                    before = GC.GetAllocatedBytesForCurrentThread();
                source.SetResult(1);
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(task.IsCompletedSuccessfully);
            return allocated;
        }

        Allocated("plain");
        Allocated("two");

        // .NET may compile code anew in between, which then allocates less: the second one must not be measured before it.
        var plain = Allocated("plain");
        Assert.InRange(Allocated("two"), 0, plain + Calls);
        await Task.CompletedTask;
    }

    [Fact]
    public void ReferencesAreNotKeptBehindTheCall()
    {
        var gate = new TaskCompletionSource<int>();
        var second = new TaskCompletionSource<int>();
        _guest.Linker.Define("env", "f", (object _) => gate.Task, (int result, object _) => result);
        _guest.Linker.Define("env", "wait", () => second.Task);
        var f = _guest.Instantiate("""
            (import "env" "f" (func $f (param externref) (result i32)))
            (import "env" "wait" (func $wait (result i32)))
            (func (export "f") (param externref) (result i32) (i32.add (call $f (local.get 0)) (call $wait)))
            """).GetFunction<Func<object, Task<int>>>("f");
        var (task, reference) = Start(f);
        Complete(() => gate.SetResult(1));
        GC.Collect();
        Assert.False(reference.IsAlive);
        Complete(() => second.SetResult(2));
        Assert.Equal(3, task.Completed());

        static (Task<int>, WeakReference) Start(Func<object, Task<int>> f)
        {
            var argument = new object();
            return (f(argument), new WeakReference(argument));
        }
    }

    [Fact]
    public void StepsThatDoNotFitAreRefused()
    {
        var linker = _guest.Linker;
        var noTask = Assert.Throws<ArgumentException>(() => linker.Define("env", "a", (int a) => a, (int result, int a) => a));
        Assert.Contains("returns no task", noTask.Message, StringComparison.Ordinal);
        var parameters = Assert.Throws<ArgumentException>(() => linker.Define("env", "a", (int a) => Task.FromResult(1L), (int result, int a) => a));
        Assert.Contains("it has to take (System.Int64, System.Int32)", parameters.Message, StringComparison.Ordinal);
        var task = Assert.Throws<ArgumentException>(() => linker.Define("env", "a", (int a) => Task.FromResult(1L), (long result, int a) => Task.FromResult(a)));
        Assert.Contains("runs to its end", task.Message, StringComparison.Ordinal);
        var type = Assert.Throws<LinkException>(() =>
        {
            linker.Define("env", "b", (int a) => Task.FromResult("text"), (string result, int a) => (long)a);
            _guest.Instantiate("""(import "env" "b" (func (param i32) (result i32)))""");
        });
        Assert.Contains("found", type.Message, StringComparison.Ordinal);
        Assert.Contains("i64", type.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFunctionInTwoStepsCanBeMadeForAStore()
    {
        var gate = new TaskCompletionSource<int>();
        var function = Function.Create(_guest.Store, (int a) => gate.Task, (int result, int a) => (long)(result + a), "sum");
        _guest.Linker.Define("env", "f", function);
        var f = _guest.Instantiate("""
            (import "env" "f" (func $f (param i32) (result i64)))
            (func (export "f") (result i64) (call $f (i32.const 40)))
            """).GetFunction<Func<Task<long>>>("f");
        var task = f();
        Complete(() => gate.SetResult(2));
        Assert.Equal(42, task.Completed());
    }

    /// <summary>Does what completes tasks on this thread, with what continues them.</summary>
    private static void Complete(Action complete)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        complete();
    }
}
