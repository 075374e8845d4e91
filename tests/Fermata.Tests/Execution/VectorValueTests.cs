using System.Runtime.Intrinsics;
using Fermata.Tests.Suspension;

namespace Fermata.Tests.Execution;

/// <summary>Values of type v128 everywhere that a value can be, with suspensions between.</summary>
public abstract class VectorValueTests(bool suspendEverywhere) : IDisposable
{
    private static readonly Vector128<byte> A = Vector128.Create(0x0123456789ABCDEF, 0xFEDCBA9876543210).AsByte();
    private static readonly Vector128<byte> B = Vector128.Create((byte)7);

    private readonly GatedGuest _guest = new(suspendEverywhere);

    public void Dispose()
    {
        _guest.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Parameters_locals_and_results_across_a_suspension()
    {
        var f = _guest.Instantiate("""
            (func (export "f") (param v128 i32 v128 externref) (result v128 i32 v128 v128 externref) (local v128)
              (local.set 4 (v128.xor (local.get 0) (local.get 2)))
              (v128.not (local.get 0))
              (local.set 1 (call $wait (local.get 1)))
              (local.get 1) (local.get 2) (local.get 4) (local.get 3))
            """).GetFunction("f");
        var reference = Value.FromRef(new object(), ValType.ExternRef);
        var task = f.InvokeAsync(Value.FromV128(A), 3, Value.FromV128(B), reference);
        Assert.False(task.IsCompleted);
        _guest.Open(3, 5);
        Assert.Equal([Value.FromV128(~A), 5, Value.FromV128(B), Value.FromV128(A ^ B), reference], task.Completed());
    }

    [Fact]
    public void Loops_calls_tables_and_blocks()
    {
        var f = _guest.Instantiate("""
            (type $binary (func (param v128 v128) (result v128)))
            (table funcref (elem $add $sub))
            (func $add (type $binary) (drop (call $wait (i32.const 0))) (i32x4.add (local.get 0) (local.get 1)))
            (func $sub (type $binary) (i32x4.sub (local.get 0) (local.get 1)))
            (func $tail (type $binary) (return_call $add (local.get 1) (local.get 0)))
            (func (export "f") (param $n i32) (param $v v128) (result v128) (local $sum v128)
              (loop $next
                (local.set $sum (call_indirect (type $binary) (local.get $sum) (local.get $v) (i32.const 0)))
                (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
              (local.set $sum (call_indirect (type $binary) (local.get $sum) (local.get $v) (i32.const 1)))
              (local.set $sum (call $tail (local.get $sum) (local.get $v)))
              (block $out (result v128)
                (br_if $out (local.get $sum) (call $wait (i32.const 1)))
                (drop) (v128.const i64x2 0 0))
              (select (local.get $v) (i32.const 1)))
            """).GetFunction<Func<int, Vector128<byte>, Task<Vector128<byte>>>>("f");
        var task = f(10, B);
        _guest.Open(0);
        _guest.Open(1, 1);
        var expected = B.AsInt32() * 10;
        Assert.Equal(expected.AsByte(), task.Completed());
    }

    [Fact]
    public void Globals()
    {
        var instance = _guest.Instantiate("""
            (global $constant v128 (v128.const i64x2 0x0123456789abcdef 0xfedcba9876543210))
            (global $g (export "g") (mut v128) (global.get $constant))
            (func (export "f") (param v128) (result v128)
              (global.get $g)
              (global.set $g (local.get 0))
              (drop (call $wait (i32.const 0))))
            """);
        Assert.Equal(Value.FromV128(A), instance.GetGlobal("g").Value);
        _guest.Open(0);
        Assert.Equal(A, instance.GetFunction<Func<Vector128<byte>, Task<Vector128<byte>>>>("f")(B).Completed());
        Assert.Equal(Value.FromV128(B), instance.GetGlobal("g").Value);
        instance.GetGlobal("g").Value = Value.FromV128(A);
        Assert.Equal(Value.FromV128(A), instance.GetGlobal("g").Value);
    }

    [Fact]
    public void Host_functions()
    {
        _guest.Linker.Define("env", "add", (Vector128<byte> a, int b, Vector128<byte> c) => a + Vector128.Create((byte)b) + c);
        _guest.Linker.Define("env", "later", async (Vector128<byte> a) => a + Vector128.Create((byte)await _guest.Gate(0).Wait()));
        var f = _guest.Instantiate("""
            (import "env" "add" (func $add (param v128 i32 v128) (result v128)))
            (import "env" "later" (func $later (param v128) (result v128)))
            (func (export "f") (param v128 v128) (result v128) (call $later (call $add (local.get 0) (i32.const 1) (local.get 1))))
            """).GetFunction<Func<Vector128<byte>, Vector128<byte>, Task<Vector128<byte>>>>("f");
        var task = f(A, B);
        Assert.False(task.IsCompleted);
        _guest.Open(0, 2);
        Assert.Equal(A + B + Vector128.Create((byte)3), task.Completed());
    }

    [Fact]
    public void Exceptions()
    {
        var f = _guest.Instantiate("""
            (tag $t (param v128 i32))
            (func $throw (param v128) (throw $t (local.get 0) (call $wait (i32.const 0))))
            (func (export "f") (param v128) (result v128) (local v128)
              (local.set 1 (v128.not (local.get 0)))
              (block $h (result v128 i32)
                (try_table (catch $t $h) (call $throw (local.get 0)))
                (unreachable))
              (i32x4.splat)
              (i32x4.add)
              (v128.xor (local.get 1)))
            """).GetFunction<Func<Vector128<byte>, Task<Vector128<byte>>>>("f");
        var task = f(A);
        _guest.Open(0, 9);
        Assert.Equal((A.AsInt32() + Vector128.Create(9)).AsByte() ^ ~A, task.Completed());
    }

    public sealed class Normally() : VectorValueTests(suspendEverywhere: false);

    public sealed class SuspendingEverywhere() : VectorValueTests(suspendEverywhere: true);
}
