namespace Fermata.Tests.Suspension;

/// <summary>Every way in which WebAssembly calls, with a suspension beneath it (JSPI checklist, line 23), in both modes of the engine.</summary>
public abstract class CallFormTests(bool suspendEverywhere) : IDisposable
{
    private readonly GatedGuest _guest = new(suspendEverywhere);

    public void Dispose()
    {
        _guest.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("(call $callee (local.get 0))")]
    [InlineData("(call_indirect $table (type $t) (local.get 0) (i32.const 1))")]
    [InlineData("(call_ref $t (local.get 0) (ref.func $callee))")]
    [InlineData("(call_ref $t (local.get 0) (ref.func $wait))")]
    [InlineData("(call_indirect $table (type $t) (local.get 0) (i32.const 0))")]
    [InlineData("(return_call $callee (local.get 0))")]
    [InlineData("(return_call $wait (local.get 0))")]
    [InlineData("(return_call_indirect $table (type $t) (local.get 0) (i32.const 1))")]
    [InlineData("(return_call_indirect $table (type $t) (local.get 0) (i32.const 0))")]
    [InlineData("(return_call_ref $t (local.get 0) (ref.func $callee))")]
    [InlineData("(return_call_ref $t (local.get 0) (ref.func $wait))")]
    public void ACallSuspends(string call)
    {
        var f = _guest.Instantiate($"""
            (type $t (func (param i32) (result i32)))
            (table $table 2 funcref) (elem (table $table) (i32.const 0) func $wait $callee)
            (func $callee (param i32) (result i32) (i32.add (call $wait (local.get 0)) (i32.const 0)))
            (func $caller (param i32) (result i32) {call})
            (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (call $caller (local.get 0))))
            """).GetFunction<Func<int, Task<int>>>("f");
        var tasks = new[] { f(1), f(2), f(3) };
        foreach (var gate in new[] { 2, 3, 1 })
        {
            Assert.False(tasks[gate - 1].IsCompleted);
            _guest.Open(gate, 100 * gate);
            Assert.Equal(101 * gate, tasks[gate - 1].Completed());
        }
    }

    [Fact]
    public void ATailCallDropsWhatItsCallerHad()
    {
        // Each step waits and is then replaced by the next: nothing piles up, neither on the stack nor in the fiber.
        const int Steps = 20_000;
        _guest.Linker.Define("env", "yield", (int value) => Task.FromResult(value));
        var f = _guest.Instantiate("""
            (import "env" "yield" (func $yield (param i32) (result i32)))
            (func $step (export "f") (param $n i32) (param $sum i64) (result i64)
              (if (i32.eqz (local.get $n)) (then (return (i64.add (local.get $sum) (i64.extend_i32_s (call $wait (i32.const 0)))))))
              (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_s (call $yield (local.get $n)))))
              (return_call $step (i32.sub (local.get $n) (i32.const 1)) (local.get $sum)))
            """).GetFunction<Func<int, long, Task<long>>>("f");
        var task = f(Steps, 0);
        Assert.False(task.IsCompleted);
        _guest.Open(0, 5);
        Assert.Equal((long)Steps * (Steps + 1) / 2 + 5, task.Completed());
    }

    [Fact]
    public void ALoopOfTailCallsSuspendsInEveryStep()
    {
        const int Steps = 500;
        var f = _guest.Instantiate("""
            (func $even (export "f") (param $n i32) (param $sum i32) (result i32)
              (if (i32.eqz (local.get $n)) (then (return (local.get $sum))))
              (return_call $odd (i32.sub (local.get $n) (i32.const 1)) (i32.add (local.get $sum) (call $wait (local.get $n)))))
            (func $odd (param $n i32) (param $sum i32) (result i32)
              (if (i32.eqz (local.get $n)) (then (return (local.get $sum))))
              (return_call $even (i32.sub (local.get $n) (i32.const 1)) (i32.sub (local.get $sum) (call $wait (local.get $n)))))
            """).GetFunction<Func<int, int, Task<int>>>("f");
        var task = f(Steps, 0);
        for (var n = Steps; n > 0; n--)
            _guest.Open(n);
        Assert.Equal(Steps / 2, task.Completed());
    }

    [Fact]
    public void AFunctionOfSeveralResultsSuspends()
    {
        var thing = new object();
        var f = _guest.Instantiate("""
            (func $many (param i32 externref) (result i32 i64 f32 f64 externref i32)
              (local.get 0) (i64.const 2) (f32.const 3) (f64.const 4) (local.get 1) (call $wait (local.get 0)))
            (func (export "f") (param i32 externref) (result f64 externref) (local $thing externref) (local $last i32)
              (call $many (local.get 0) (local.get 1))
              (local.set $last) (local.set $thing)
              (f64.add (f64.convert_i32_s (local.get $last)))
              (drop (call $wait (i32.const 99)))
              (local.set 0 (i32.const 0))
              (call $fold)
              (local.get $thing))
            (func $fold (param i32 i64 f32 f64) (result f64)
              (f64.add
                (f64.add (f64.convert_i32_s (local.get 0)) (f64.convert_i64_s (local.get 1)))
                (f64.add (f64.promote_f32 (local.get 2)) (local.get 3))))
            """).GetFunction<Func<int, object, Task<(double, object)>>>("f");
        var task = f(10, thing);
        _guest.Open(10, 1000);
        Assert.False(task.IsCompleted);
        _guest.Open(99);
        Assert.Equal((1019, thing), task.Completed());
    }

    [Fact]
    public void AnImportOfSeveralResultsSuspends()
    {
        var gate = new TaskCompletionSource<(int, string, long, float)>();
        _guest.Linker.Define("env", "many", (int a) => gate.Task);
        var f = _guest.Instantiate("""
            (import "env" "many" (func $many (param i32) (result i32 externref i64 f32)))
            (func $through (param i32) (result i32 externref i64 f32) (return_call $many (local.get 0)))
            (func (export "f") (param i32) (result i32 i32 externref i64 f32) (local.get 0) (call $through (local.get 0)))
            """).GetFunction<Func<int, Task<(int, int, string, long, float)>>>("f");
        var task = f(1);
        gate.SetResult((2, "three", 4, 5));
        Assert.Equal((1, 2, "three", 4, 5), task.Completed());
    }

    [Fact]
    public void AFunctionReferenceLivesAcrossAndIsCalledAfterwards()
    {
        var f = _guest.Instantiate("""
            (type $t (func (param i32) (result i32)))
            (elem declare func $add $double)
            (func $add (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
            (func $double (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
            (func (export "f") (param i32) (result i32) (local $chosen (ref null $t))
              (local.set $chosen (if (result (ref $t)) (local.get 0) (then (ref.func $add)) (else (ref.func $double))))
              (call_ref $t (call $wait (local.get 0)) (ref.as_non_null (local.get $chosen))))
            """).GetFunction<Func<int, Task<int>>>("f");
        var tasks = new[] { f(0), f(1) };
        _guest.Open(1, 50);
        _guest.Open(0, 50);
        Assert.Equal([100, 51], tasks.Select(task => task.Completed()));
    }

    [Fact]
    public void ATableThatChangesMeanwhileDecidesTheNextCall()
    {
        var instance = _guest.Instantiate("""
            (type $t (func (result i32)))
            (table (export "table") 2 funcref) (elem (i32.const 0) func $one $two)
            (func $one (result i32) (i32.const 1)) (func $two (result i32) (i32.const 2))
            (func (export "f") (result i32)
              (i32.add (call_indirect (type $t) (i32.const 0)) (i32.mul (call $wait (i32.const 0)) (call_indirect (type $t) (i32.const 0)))))
            """);
        var task = instance.GetFunction<Func<Task<int>>>("f")();
        var table = instance.GetTable("table");
        table.Set(0, table.Get(1));
        _guest.Open(0, 10);
        Assert.Equal(21, task.Completed());
    }

    public sealed class Normally() : CallFormTests(suspendEverywhere: false);

    public sealed class SuspendingEverywhere() : CallFormTests(suspendEverywhere: true);
}
