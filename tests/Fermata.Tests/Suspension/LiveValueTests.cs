using System.Runtime.Intrinsics;

namespace Fermata.Tests.Suspension;

/// <summary>What is live across a suspension is there afterwards (JSPI checklist, lines 20 and 23), in both modes of the engine.</summary>
public abstract class LiveValueTests(bool suspendEverywhere) : IDisposable
{
    private readonly GatedGuest _guest = new(suspendEverywhere);

    public void Dispose()
    {
        _guest.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void LocalsOfEveryType()
    {
        var f = _guest.Instantiate("""
            (func (export "f") (param i32 i64 f32 f64 externref funcref) (result i32 i64 f32 f64 externref funcref)
              (drop (call $wait (i32.const 0)))
              (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5))
            """).GetFunction("f");
        Value[] values =
        [
            int.MinValue, long.MinValue + 1, -0f, double.Epsilon, Value.FromRef(new object(), ValType.ExternRef), Value.FromRef(f, ValType.FuncRef),
        ];
        var task = f.InvokeAsync(values);
        Assert.False(task.IsCompleted);
        _guest.Open(0);
        Assert.Equal(values, task.Completed());
    }

    [Fact]
    public void Vectors()
    {
        var f = _guest.Instantiate("""
            (func (export "f") (param $gate i32) (param $a v128) (param $b v128) (result v128 v128 v128 i32)
              (i64x2.add (local.get $a) (local.get $b))
              (local.get $b)
              (local.set $b (v128.const i64x2 1 2))
              (local.set $gate (call $wait (local.get $gate)))
              (i64x2.sub (local.get $a) (local.get $b))
              (local.get $gate))
            """).GetFunction("f");
        Vector128<long>[] a = [Vector128.Create(long.MinValue, 5), Vector128.Create(1L << 40, -3)];
        var b = Vector128.Create(0x0102030405060708, 0x1112131415161718);
        var tasks = a.Select((value, gate) => f.InvokeAsync(gate, Value.FromV128(value.AsByte()), Value.FromV128(b.AsByte()))).ToList();
        foreach (var gate in new[] { 1, 0 })
        {
            _guest.Open(gate, 10 + gate);
            Assert.Equal(
                [
                    Value.FromV128((a[gate] + b).AsByte()), Value.FromV128(b.AsByte()),
                    Value.FromV128((a[gate] - Vector128.Create(1L, 2)).AsByte()), Value.FromI32(10 + gate),
                ],
                tasks[gate].Completed());
        }
    }

    [Fact]
    public void NullReferences()
    {
        var f = _guest.Instantiate("""
            (func (export "f") (param externref) (result i32 i32) (local funcref)
              (drop (call $wait (i32.const 0)))
              (ref.is_null (local.get 0)) (ref.is_null (local.get 1)))
            """).GetFunction<Func<object?, Task<(int, int)>>>("f");
        var task = f(null);
        _guest.Open(0);
        Assert.Equal((1, 1), task.Completed());
    }

    [Fact]
    public void TheBitsOfSignallingNaNs()
    {
        var f = _guest.Instantiate("""
            (func (export "f") (param i32 i64) (result i32 i64) (local f32 f64)
              (local.set 2 (f32.reinterpret_i32 (local.get 0)))
              (local.set 3 (f64.reinterpret_i64 (local.get 1)))
              (drop (call $wait (i32.const 0)))
              (i32.reinterpret_f32 (local.get 2)) (i64.reinterpret_f64 (local.get 3)))
            """).GetFunction<Func<int, long, Task<(int, long)>>>("f");
        var task = f(0x7fa00001, 0x7ff4000000000001);
        _guest.Open(0);
        Assert.Equal((0x7fa00001, 0x7ff4000000000001), task.Completed());
    }

    [Theory]
    [InlineData(0x7fa00001)]
    public void TheBitsOfASignallingNaNThatAnImportReturns(int bits)
    {
        var gate = new TaskCompletionSource<float>();
        _guest.Linker.Define("env", "float", () => gate.Task);
        var f = _guest.Instantiate("""
            (import "env" "float" (func $float (result f32)))
            (func (export "f") (result i32) (i32.reinterpret_f32 (call $float)))
            """).GetFunction<Func<Task<int>>>("f");
        var task = f();
        gate.SetResult(BitConverter.Int32BitsToSingle(bits));
        Assert.Equal(bits, task.Completed());
    }

    [Fact]
    public void OperandsOnTheStack()
    {
        var f = _guest.Instantiate("""
            (func (export "f") (param i32 externref) (result i32 i64 externref f64 i32)
              (i32.mul (local.get 0) (i32.const 2))
              (i64.const -7)
              (local.get 1)
              (f64.sqrt (f64.convert_i32_s (local.get 0)))
              (call $wait (i32.const 0)))
            """).GetFunction<Func<int, object, Task<(int, long, object, double, int)>>>("f");
        var thing = new object();
        var task = f(16, thing);
        _guest.Open(0, 3);
        Assert.Equal((32, -7, thing, 4, 3), task.Completed());
    }

    [Fact]
    public void AnOperandKeepsTheValueThatItsLocalHad()
    {
        var f = _guest.Instantiate("""
            (func (export "f") (param i32) (result i32)
              (i32.sub
                (local.get 0)
                (block (result i32)
                  (local.set 0 (i32.const 1000))
                  (i32.add (call $wait (i32.const 0)) (local.get 0)))))
            """).GetFunction<Func<int, Task<int>>>("f");
        var task = f(5);
        _guest.Open(0, 10);
        Assert.Equal(5 - 1010, task.Completed());
    }

    [Fact]
    public void ALocalThatIsSetFromTheAwaitedValueInTheSameExpression()
    {
        var f = _guest.Instantiate("""
            (func (export "f") (param i32) (result i32)
              (i32.add
                (i32.add (local.get 0) (local.tee 0 (call $wait (i32.const 0))))
                (i32.add (local.get 0) (local.tee 0 (call $wait (i32.const 1))))))
            """).GetFunction<Func<int, Task<int>>>("f");
        var task = f(1);
        _guest.Open(0, 10);
        _guest.Open(1, 100);
        Assert.Equal(1 + 10 + 10 + 100, task.Completed());
    }

    [Fact]
    public void WhatWasReadBeforeIsNotReadAgain()
    {
        var instance = _guest.Instantiate("""
            (memory (export "memory") 1)
            (global $g (export "global") (mut i32) (i32.const 1))
            (table (export "table") 1 externref)
            (func (export "f") (result i32 i32 externref i32 i32)
              (global.get $g) (i32.load (i32.const 0)) (table.get (i32.const 0)) (memory.size)
              (call $wait (i32.const 0)))
            """);
        instance.GetMemory("memory").Write(0, 2);
        instance.GetTable("table").Set(0, "before");
        var task = instance.GetFunction<Func<Task<(int, int, string, int, int)>>>("f")();
        instance.GetGlobal("global").Value = 100;
        instance.GetMemory("memory").Write(0, 200);
        instance.GetMemory("memory").Grow(1);
        instance.GetTable("table").Set(0, "after");
        _guest.Open(0, 3);
        Assert.Equal((1, 2, "before", 1, 3), task.Completed());
    }

    [Fact]
    public void WhatIsReadAfterwardsIsNew()
    {
        var instance = _guest.Instantiate("""
            (memory (export "memory") 1)
            (global $g (export "global") (mut i32) (i32.const 1))
            (func (export "f") (result i32 i32 i32)
              (call $wait (i32.const 0)) (global.get $g) (i32.load (i32.const 0)))
            """);
        var task = instance.GetFunction<Func<Task<(int, int, int)>>>("f")();
        instance.GetGlobal("global").Value = 100;
        instance.GetMemory("memory").Write(0, 200);
        _guest.Open(0, 3);
        Assert.Equal((3, 100, 200), task.Completed());
    }

    [Fact]
    public void ReferencesInLocalsAndOperandsOfSeveralFrames()
    {
        var f = _guest.Instantiate("""
            (type $take (func (param externref externref) (result externref)))
            (func $second (type $take) (drop (call $wait (i32.const 0))) (local.get 1))
            (func (export "f") (param externref externref externref) (result externref externref externref)
              (local.get 2)
              (call $second (local.get 0) (local.get 1))
              (drop (call $wait (i32.const 1)))
              (local.get 0))
            """).GetFunction<Func<string, string, string, Task<(string, string, string)>>>("f");
        var task = f("a", "b", "c");
        _guest.Open(0);
        Assert.False(task.IsCompleted);
        _guest.Open(1);
        Assert.Equal(("c", "b", "a"), task.Completed());
    }

    [Fact]
    public void LoopsInLoops()
    {
        var f = _guest.Instantiate("""
            (func (export "f") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $sum i32)
              (loop $rows
                (local.set $j (i32.const 0))
                (loop $columns
                  (local.set $sum (i32.add (local.get $sum) (call $wait (i32.add (i32.mul (local.get $i) (local.get $n)) (local.get $j)))))
                  (local.set $j (i32.add (local.get $j) (i32.const 1)))
                  (br_if $columns (i32.lt_s (local.get $j) (local.get $n))))
                (local.set $sum (i32.mul (local.get $sum) (call $wait (i32.const 1000))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $rows (i32.lt_s (local.get $i) (local.get $n))))
              (local.get $sum))
            """).GetFunction<Func<int, Task<int>>>("f");
        var task = f(4);
        _guest.Open(1000, 2);
        var expected = 0;
        for (var i = 0; i < 16; i++)
        {
            Assert.False(task.IsCompleted);
            _guest.Open(i);
            expected = (expected + i) * (i % 4 == 3 ? 2 : 1);
        }

        Assert.Equal(expected, task.Completed());
    }

    [Fact]
    public void ALoopWithOperandsBelowItAndParametersOfItsOwn()
    {
        var f = _guest.Instantiate("""
            (func $second (param i32 i64) (result i64) (local.get 1))
            (func (export "f") (param $n i32) (result i64)
              (i64.const 1000)
              (i32.const 7) (i64.const 0)
              (loop $again (param i32 i64) (result i64)
                (i64.add (i64.extend_i32_s (call $wait (local.get $n))))
                (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                (br_if $again (local.get $n))
                (call $second))
              i64.sub)
            """).GetFunction<Func<int, Task<long>>>("f");
        var task = f(5);
        for (var gate = 5; gate > 0; gate--)
            _guest.Open(gate, 10 * gate);
        Assert.Equal(1000 - 150, task.Completed());
    }

    [Fact]
    public void BothArmsOfAnIf()
    {
        var f = _guest.Instantiate("""
            (func (export "f") (param i32) (result i32)
              (i32.add
                (local.get 0)
                (if (result i32) (call $wait (i32.const 0))
                  (then (i32.mul (call $wait (i32.const 1)) (i32.const 2)))
                  (else (i32.mul (call $wait (i32.const 2)) (i32.const 3))))))
            """).GetFunction<Func<int, Task<int>>>("f");
        _guest.Open(1, 10);
        _guest.Open(2, 20);
        var taken = f(1);
        _guest.Open(0, 1);
        Assert.Equal(21, taken.Completed());
        using var second = new GatedGuest(suspendEverywhere);
        var notTaken = second.Instantiate("""
            (func (export "f") (result i32)
              (if (result i32) (call $wait (i32.const 0)) (then (call $wait (i32.const 1))) (else (call $wait (i32.const 2)))))
            """).GetFunction<Func<Task<int>>>("f")();
        second.Open(0, 0);
        second.Open(2, 20);
        Assert.Equal(20, notTaken.Completed());
    }

    [Fact]
    public void ABranchTableOnAnAwaitedValue()
    {
        var f = _guest.Instantiate("""
            (func (export "f") (param i32) (result i32)
              (block $two (result i32)
                (block $one (result i32)
                  (block $zero (result i32)
                    (br_table $zero $one $two (local.get 0) (call $wait (local.get 0))))
                  (return (i32.add (i32.const 100)) ))
                (return (i32.add (i32.const 200))))
              (i32.add (i32.const 300)))
            """).GetFunction<Func<int, Task<int>>>("f");
        var tasks = Enumerable.Range(0, 4).Select(f).ToArray();
        for (var i = 3; i >= 0; i--)
            _guest.Open(i);
        Assert.Equal([100, 201, 302, 303], tasks.Select(task => task.Completed()));
    }

    [Fact]
    public void TwoHundredLocals()
    {
        var locals = Enumerable.Range(1, 200);
        var text = $"""
            (func (export "f") (param i32) (result i64)
              (local {string.Join(' ', locals.Select(i => i % 2 == 0 ? "i64" : "f64"))}) (local $sum i64)
              {string.Join('\n', locals.Select(i => i % 2 == 0
                ? $"(local.set {i} (i64.extend_i32_s (i32.mul (local.get 0) (i32.const {i}))))"
                : $"(local.set {i} (f64.convert_i32_s (i32.mul (local.get 0) (i32.const {i}))))"))}
              (drop (call $wait (i32.const 0)))
              {string.Join('\n', locals.Select(i => i % 2 == 0
                ? $"(local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31)) (local.get {i})))"
                : $"(local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31)) (i64.trunc_f64_s (local.get {i}))))"))}
              (local.get $sum))
            """;
        var task = _guest.Instantiate(text).GetFunction<Func<int, Task<long>>>("f")(7);
        _guest.Open(0);
        Assert.Equal(locals.Aggregate(0L, (sum, i) => unchecked(sum * 31 + 7 * i)), task.Completed());
    }

    [Fact]
    public void SideEffectsHappenOnceAndInOrder()
    {
        var log = new List<int>();
        _guest.Linker.Define("env", "log", (int number) =>
        {
            log.Add(number);
            return number;
        });
        var f = _guest.Instantiate("""
            (import "env" "log" (func $log (param i32) (result i32)))
            (func (export "f") (result i32)
              (i32.add
                (i32.add (call $log (i32.const 1)) (call $wait (i32.const 0)))
                (i32.add
                  (i32.mul (call $log (i32.const 2)) (call $wait (call $log (i32.const 3))))
                  (call $log (i32.const 4)))))
            """).GetFunction<Func<Task<int>>>("f");
        var task = f();
        Assert.Equal([1], log);
        _guest.Open(0, 1000);
        Assert.Equal([1, 2, 3], log);
        _guest.Open(3, 10);
        Assert.Equal([1, 2, 3, 4], log);
        Assert.Equal(1 + 1000 + 2 * 10 + 4, task.Completed());
    }

    [Fact]
    public void AFunctionWithManyCallSites()
    {
        const int Sites = 300;
        var f = _guest.Instantiate($"""
            (func (export "f") (param i32) (result i32)
              {string.Join('\n', Enumerable.Range(0, Sites).Select(i => $"(local.set 0 (i32.add (i32.mul (local.get 0) (i32.const 3)) (call $wait (i32.const {i}))))"))}
              (local.get 0))
            """).GetFunction<Func<int, Task<int>>>("f");
        var task = f(1);
        var expected = 1;
        for (var i = 0; i < Sites; i++)
        {
            _guest.Open(i);
            expected = unchecked(expected * 3 + i);
        }

        Assert.Equal(expected, task.Completed());
    }

    public sealed class Normally() : LiveValueTests(suspendEverywhere: false);

    public sealed class SuspendingEverywhere() : LiveValueTests(suspendEverywhere: true);
}
