using Fermata.Tests.Suspension;

namespace Fermata.Tests.Aggregates;

/// <summary>References that are live across a suspension are there afterwards, in locals and as operands.</summary>
public sealed class SuspensionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Structures_and_arrays_survive(bool suspendEverywhere)
    {
        using var guest = new GatedGuest(suspendEverywhere);
        var instance = guest.Instantiate("""
            (type $s (struct (field $v (mut i32)) (field $next (ref null $s))))
            (type $a (array (mut (ref null $s))))
            (func $sum (param $s (ref null $s)) (result i32)
              (if (result i32) (ref.is_null (local.get $s))
                (then (call $wait (i32.const 1)))
                (else (i32.add (struct.get $s $v (local.get $s)) (call $sum (struct.get $s $next (local.get $s)))))))
            (func (export "f") (result i32) (local $s (ref $s)) (local $a (ref null $a)) (local $i31 (ref i31))
              (local.set $s (struct.new $s (i32.const 10) (struct.new $s (i32.const 20) (ref.null $s))))
              (local.set $a (array.new $a (local.get $s) (i32.const 3)))
              (local.set $i31 (ref.i31 (i32.const 300000)))
              (struct.get $s $v (struct.new $s (i32.const 5) (local.get $s)))
              (struct.set $s $v (local.get $s) (call $wait (i32.const 0)))
              (i32.add (call $sum (array.get $a (local.get $a) (i32.const 2))))
              (i32.add (i31.get_s (local.get $i31)))
              (i32.add (ref.eq (local.get $s) (array.get $a (local.get $a) (i32.const 1)))))
            """);
        var task = instance.GetFunction("f").InvokeAsync();
        Assert.False(task.IsCompleted);
        GC.Collect();
        guest.Open(0, 1000);
        Assert.False(task.IsCompleted);
        GC.Collect();
        guest.Open(1, 7);

        // 5, then 1000 + 20 + 7, 300000 and 1.
        Assert.Equal([301_033], task.Completed());
    }
}
