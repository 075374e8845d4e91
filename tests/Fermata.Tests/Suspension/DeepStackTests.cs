using System.Diagnostics;
using System.Runtime.Intrinsics;
using Fermata.Runtime;

namespace Fermata.Tests.Suspension;

/// <summary>Stacks that are deeper than the thread's: their frames move to the heap.</summary>
public sealed class DeepStackTests
{
    private const int SmallStack = 256 * 1024;

    private const string Sum = """
        (func $sum (export "sum") (param i64) (result i64)
          (if (result i64) (i64.eqz (local.get 0))
            (then (i64.const 0))
            (else (i64.add (local.get 0) (call $sum (i64.sub (local.get 0) (i64.const 1)))))))
        """;

    [Fact]
    public void AMillionFramesOnASmallThread()
    {
        using var guest = new GatedGuest();
        var sum = guest.Instantiate(Sum).GetFunction("sum");
        Assert.Equal(500_000_500_000, OnSmallThread(() => sum.Invoke(1_000_000L)[0].AsI64()));
        Assert.Equal(500_000_500_000, OnSmallThread(() => sum.InvokeAsync(1_000_000L).Completed()[0].AsI64()));
    }

    [Fact]
    public void SuspendedAtTheBottomOfAMillionFrames()
    {
        using var guest = new GatedGuest();
        var down = guest.Instantiate("""
            (func $down (export "down") (param i32) (result i32)
              (if (result i32) (local.get 0)
                (then (i32.add (i32.const 1) (call $down (i32.sub (local.get 0) (i32.const 1)))))
                (else (call $wait (i32.const 0)))))
            """).GetFunction<Func<int, Task<int>>>("down");
        var task = OnSmallThread(() => down(1_000_000));
        Assert.False(task.IsCompleted);
        guest.Open(0, 7);
        Assert.Equal(1_000_007, task.Completed());
    }

    [Fact]
    public void AllKindsOfValuesMoveAndComeBack()
    {
        using var guest = new GatedGuest();
        var f = guest.Instantiate("""
            (func $f (export "f") (param $n i32) (param $d f64) (param $r externref) (param $v v128) (result i32 f64 externref v128)
              (local $keep i64)
              (local.set $keep (i64.extend_i32_s (local.get $n)))
              (if (i32.eqz (local.get $n)) (then (return (local.get $n) (local.get $d) (local.get $r) (local.get $v))))
              (call $f (i32.sub (local.get $n) (i32.const 1)) (f64.add (local.get $d) (f64.const 1)) (local.get $r)
                (i32x4.add (local.get $v) (i32x4.splat (i32.const 1))))
              (local.set $v) (local.set $r) (local.set $d) (local.set $n)
              (i32.add (local.get $n) (i32.wrap_i64 (local.get $keep))) (local.get $d) (local.get $r) (local.get $v))
            """).GetFunction("f");
        var reference = new object();
        var results = OnSmallThread(() => f.Invoke(30_000, 0.5, Value.FromRef(reference, ValType.ExternRef), Value.FromV128(default)));
        Assert.Equal(450_015_000, results[0].AsI32());
        Assert.Equal(30_000.5, results[1].AsF64());
        Assert.Same(reference, results[2].AsRef());
        Assert.Equal(Vector128.Create(30_000).AsByte(), results[3].AsV128());
    }

    [Fact]
    public void AnExceptionLeavesFramesOnTheHeap()
    {
        using var guest = new GatedGuest();
        var f = guest.Instantiate("""
            (tag $done (param i32))
            (func $down (param $n i32) (result i32)
              (if (i32.eqz (local.get $n)) (then (throw $done (i32.const 42))))
              (i32.add (i32.const 1) (call $down (i32.sub (local.get $n) (i32.const 1)))))
            (func (export "f") (param $n i32) (result i32) (local $keep i32)
              (local.set $keep (local.get $n))
              (block $caught (result i32)
                (try_table (catch $done $caught) (drop (call $down (local.get $n))))
                (i32.const -1))
              (i32.add (local.get $keep)))
            """).GetFunction<Func<int, int>>("f");
        Assert.Equal(500_042, OnSmallThread(() => f(500_000)));
    }

    [Fact]
    public void AFunctionWithAHugeFrame()
    {
        // 100 of its frames would fill the stack of any thread.
        using var guest = new GatedGuest();
        var f = guest.Instantiate($"""
            (func $f (export "f") (param i32 f32) (result i32)
              (local {string.Concat(Enumerable.Repeat("i64 ", 6_000))})
              {Uses(2, 6_000)}
              (local.set 6000 (i64.extend_i32_u (local.get 0)))
              (if (result i32) (i32.eqz (local.get 0))
                (then (i32.trunc_f32_s (local.get 1)))
                (else (i32.add
                  (call $f (i32.sub (local.get 0) (i32.const 1)) (local.get 1))
                  (i32.wrap_i64 (local.get 6000))))))
            """).GetFunction<Func<int, float, int>>("f");
        Assert.Equal(50_005_000 + 3, f(10_000, 3.5f));
    }

    /// <summary>A method that looks at the stack first takes 1 ns of each call. The frames of compiled C take some hundred bytes.</summary>
    [Theory]
    [InlineData(3_000, false)]
    [InlineData(6_000, true)]
    public void OnlyAFunctionWhoseFrameMayBeLargeHasAMethodBeforeIt(int bytes, bool hasGuard)
    {
        using var store = new Store(new Engine());
        var methods = new List<string?>();
        var module = Module.Parse(store.Engine, $"""
            (import "host" "look" (func $look))
            (func (export "f") {string.Concat(Enumerable.Repeat("(nop)", bytes))} (call $look))
            """);
        new Linker(store.Engine).Define("host", "look", () => methods.AddRange(new StackTrace().GetFrames().Select(frame => frame.GetMethod()?.Name)))
            .Instantiate(store, module).GetFunction<Action>("f")();
        Assert.Contains("f1", methods);
        Assert.Equal(hasGuard, methods.Contains("guard1"));
    }

    [Fact]
    public void AFunctionWithAHugeFrameIsNotResumedWhereItDoesNotFit()
    {
        using var guest = new GatedGuest();
        var f = guest.Instantiate($"""
            (func $f (export "f") (param i32) (result i32)
              (local {string.Concat(Enumerable.Repeat("v128 ", 20_000))})
              {Uses(1, 20_000)}
              (i32.add (call $wait (local.get 0)) (i32.const 1)))
            """).GetFunction<Func<int, Task<int>>>("f");
        var task = f(1);
        Assert.False(task.IsCompleted);
        OnSmallThread(() =>
        {
            guest.Open(1);
            return 0;
        });
        Assert.Equal(TrapKind.StackExhausted, task.Failed<StackExhaustedException>().Kind);
    }

    [Fact]
    public void AFunctionWithAHugeFrameIsNotEnteredWhereItDoesNotFitWhoeverInterruptsIt()
    {
        using var store = new Store(new Engine());
        var f = new Linker(store.Engine).Define("host", "interrupt", () => store.Context.Interrupt()).Instantiate(store, Module.Parse(store.Engine, $"""
            (import "host" "interrupt" (func $interrupt))
            (func $huge (param i32) (result i32)
              (local {string.Concat(Enumerable.Repeat("v128 ", 20_000))})
              {Uses(1, 20_000)}
              (i32.add (local.get 0) (i32.const 1)))
            (func (export "f") (param i32) (result i32) (call $interrupt) (call $huge (local.get 0)))
            """)).GetFunction<Func<int, int>>("f");
        Assert.Equal(TrapKind.StackExhausted, OnSmallThread(() => Assert.Throws<StackExhaustedException>(() => f(1))).Kind);
    }

    [Theory]
    [InlineData("(call $many)", 20)]
    [InlineData("(call $many) (block $b (type $all) (br_if $b (global.get $go)) (return)) (block (type $all))", 10)]
    [InlineData("(call $many) (loop $l (type $all) (br_if $l (v128.const i64x2 0 0) (global.get $go)) (br_if $l (v128.const i64x2 0 0) (global.get $go)) (return))", 10)]
    [InlineData("(block (type $results) (try_table (catch $e 0) (call $throw)) (unreachable))", 20)]
    public void AFewBytesOfCodeThatMoveThousandsOfValuesMakeAHugeFrame(string code, int count)
    {
        // Each place of a value takes 16 bytes of the frame, which is larger than the thread's stack.
        using var guest = new GatedGuest();
        var vectors = string.Concat(Enumerable.Repeat("v128 ", 1_000));
        var values = string.Concat(Enumerable.Repeat("(v128.const i64x2 0 0) ", 1_000));
        var f = guest.Instantiate($"""
            (type $results (func (result {vectors}))) (type $all (func (param {vectors}) (result {vectors})))
            (tag $e (param {vectors}))
            (global $go (mut i32) (i32.const 0))
            (func $many (type $results) {values})
            (func $throw (throw $e {values}))
            (func (export "f") {string.Concat(Enumerable.Repeat(code, count))} (return))
            """).GetFunction("f");
        Assert.Equal(TrapKind.StackExhausted, OnSmallThread(() => Assert.Throws<StackExhaustedException>(() => f.Invoke())).Kind);
        Assert.Empty(f.Invoke());
    }

    [Fact]
    public void TheHeapIsLimitedToo()
    {
        var engine = new Engine(new EngineOptions { MaxStackBytes = 1024 * 1024, MaxNativeStackBytes = 128 * 1024 });
        using var store = new Store(engine);
        var sum = new Linker(engine).Instantiate(store, Module.Parse(engine, Sum)).GetFunction<Func<long, long>>("sum");
        Assert.Equal(200_010_000, sum(20_000));
        var trap = Assert.Throws<StackExhaustedException>(() => sum(100_000));
        Assert.StartsWith("call stack exhausted\n  at sum\n", trap.Message, StringComparison.Ordinal);
        Assert.Equal(200_010_000, sum(20_000));
    }

    [Theory]
    [InlineData(1 << 20, 1)]
    [InlineData(1 << 20, 1_000)]
    [InlineData(0, 1_000)]
    public async Task TheFramesThatSuspensionsLeaveAreLimitedToo(int heap, int callsPerSuspension)
    {
        var engine = new Engine(new EngineOptions { MaxStackBytes = heap, MaxNativeStackBytes = 1 << 20 });
        using var store = new Store(engine, new StoreOptions { AlwaysSuspend = true });
        var linker = new Linker(engine).Define("env", "wait", () => Task.CompletedTask);
        var f = linker.Instantiate(store, Module.Parse(engine, $$"""
            (import "env" "wait" (func $wait))
            (func $down (param $n i32) (result i32)
              (if (i32.eqz (i32.rem_u (local.get $n) (i32.const {{callsPerSuspension}}))) (then (call $wait)))
              (if (result i32) (i32.eqz (local.get $n))
                (then (i32.const 0))
                (else (i32.add (call $down (i32.sub (local.get $n) (i32.const 1))) (i32.const 1)))))
            (func (export "f") (param $n i32) (result i32)
              (block $caught (try_table (catch_all $caught) (return (call $down (local.get $n)))))
              (i32.const -1))
            """)).GetFunction<Func<int, Task<int>>>("f");
        Assert.Equal(10_000, await f(10_000).InTime());
        var trap = await Assert.ThrowsAsync<StackExhaustedException>(() => f(200_000)).InTime();
        Assert.StartsWith("call stack exhausted\n  at down\n", trap.Message, StringComparison.Ordinal);
        Assert.Equal(10_000, await f(10_000).InTime());
    }

    [Fact]
    public void WithoutAHeapTheNativeStackIsTheLimit()
    {
        var engine = new Engine(new EngineOptions { MaxStackBytes = 0, MaxNativeStackBytes = 128 * 1024, IsInterruptible = false });
        using var store = new Store(engine);
        var sum = new Linker(engine).Instantiate(store, Module.Parse(engine, Sum)).GetFunction<Func<long, long>>("sum");
        Assert.Equal(5_050, sum(100));
        Assert.Throws<StackExhaustedException>(() => sum(20_000));
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(-1, 0)]
    public void LimitsMustMakeSense(int native, int heap) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new Engine(new EngineOptions { MaxNativeStackBytes = native, MaxStackBytes = heap }));

    /// <summary>Code that names locals, since those that no code names are not there.</summary>
    private static string Uses(int first, int count) =>
        string.Concat(Enumerable.Range(first, count).Select(local => $"(local.set {local} (local.get {local}))"));

    private static T OnSmallThread<T>(Func<T> call)
    {
        T result = default!;
        Exception? failure = null;

        // The C library gives a new thread the stack of one that has ended, also one up to four times as large. Who has such a one keeps it while another tries.
        var thread = new Thread(
            () =>
            {
                var stack = NativeStack.Here(int.MaxValue);
                failure = Record.Exception(() => { result = stack.HasRoom(SmallStack / 2) ? OnSmallThread(call) : call(); });
            },
            SmallStack);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
        return result;
    }
}
