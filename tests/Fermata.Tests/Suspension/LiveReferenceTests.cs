namespace Fermata.Tests.Suspension;

/// <summary>References of all kinds that are live across a suspension (JSPI checklist, line 23), in both modes of the engine.</summary>
public abstract class LiveReferenceTests(bool suspendEverywhere) : IDisposable
{
    private readonly GatedGuest _guest = new(suspendEverywhere);

    public void Dispose()
    {
        _guest.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void TheyAreStillTheSameAfterCollections(int depth)
    {
        // Made in WebAssembly and held by nothing else; half of them as locals, half as operands, in each of the frames.
        var f = _guest.Instantiate("""
            (type $s (struct (field $n (mut i32)) (field $self (mut (ref null $s))) (field i64)))
            (type $a (array (mut i32)))
            (type $objects (array externref))
            (type $f (func (param i32) (result i32)))
            (tag $tag (param i32))
            (elem declare func $double)
            (func $double (type $f) (i32.mul (local.get 0) (i32.const 2)))
            (func $pass (param (ref $s) (ref $a) anyref eqref (ref i31) (ref $f) exnref externref (ref $objects) i32)
              (result (ref $s) (ref $a) anyref eqref (ref i31) (ref $f) exnref externref (ref $objects) i32)
              (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (local.get 7) (local.get 8)
              (local.get 9))
            (func $exception (param i32) (result exnref)
              (block $caught (result i32 exnref) (try_table (catch_ref $tag $caught) (throw $tag (local.get 0))) (unreachable))
              (local.set 0 (i32.const 0))
              (call $second))
            (func $second (param i32 exnref) (result exnref) (local.get 1))
            (func $thrown (param exnref) (result i32)
              (block $caught (result i32) (try_table (catch $tag $caught) (throw_ref (local.get 0))) (unreachable)))

            ;; What each frame adds to the result if all its references are what they were.
            (func $f (export "f") (param $gate i32) (param $depth i32) (param $object externref) (result i32)
              (local $s (ref null $s)) (local $a (ref null $a)) (local $any anyref) (local $eq eqref) (local $i31 (ref null i31))
              (local $fn (ref null $f)) (local $exn exnref) (local $objects (ref null $objects)) (local $got i32) (local $sum i32)
              (local.set $s (struct.new $s (local.get $gate) (ref.null $s) (i64.const 7)))
              (struct.set $s $self (local.get $s) (local.get $s))
              (local.set $a (array.new $a (local.get $depth) (i32.const 100)))
              (local.set $any (struct.get $s $self (local.get $s)))
              (local.set $eq (local.get $a))
              (local.set $i31 (ref.i31 (i32.add (local.get $gate) (i32.const -5))))
              (local.set $fn (ref.func $double))
              (local.set $exn (call $exception (i32.add (local.get $depth) (i32.const 9))))
              (local.set $objects (array.new $objects (local.get $object) (i32.const 3)))
              (call $pass
                (ref.as_non_null (local.get $s)) (ref.as_non_null (local.get $a)) (local.get $any) (local.get $eq)
                (ref.as_non_null (local.get $i31)) (ref.as_non_null (local.get $fn)) (local.get $exn) (local.get $object)
                (ref.as_non_null (local.get $objects))
                (if (result i32) (local.get $depth)
                  (then (call $f (local.get $gate) (i32.sub (local.get $depth) (i32.const 1)) (local.get $object)))
                  (else (call $wait (local.get $gate)))))
              (local.set $got)
              ;; The operands, from the last to the first.
              (local.set $sum (i32.eqz (ref.is_null (array.get $objects (i32.const 2)))))
              (local.set $sum (i32.add (i32.eqz (ref.is_null)) (local.get $sum)))
              (local.set $sum (i32.add (i32.eq (call $thrown) (i32.add (local.get $depth) (i32.const 9))) (local.get $sum)))
              (local.set $fn)
              (local.set $sum (i32.add (i32.eq (i31.get_s) (i32.add (local.get $gate) (i32.const -5))) (local.get $sum)))
              (local.set $sum (i32.add (ref.eq (local.get $a)) (local.get $sum)))
              (local.set $sum (i32.add (ref.eq (ref.cast (ref $s)) (local.get $s)) (local.get $sum)))
              (local.set $sum (i32.add (i32.eq (array.get $a (i32.const 99)) (local.get $depth)) (local.get $sum)))
              (local.set $sum (i32.add (ref.eq (struct.get $s $self) (local.get $s)) (local.get $sum)))
              ;; The locals.
              (local.set $sum (i32.add (local.get $sum) (i32.eq (struct.get $s $n (local.get $s)) (local.get $gate))))
              (local.set $sum (i32.add (local.get $sum) (ref.eq (local.get $eq) (local.get $a))))
              (local.set $sum (i32.add (local.get $sum) (ref.eq (local.get $i31) (ref.i31 (i32.add (local.get $gate) (i32.const -5))))))
              (local.set $sum (i32.add (local.get $sum) (i32.eq (call_ref $f (local.get $depth) (local.get $fn)) (i32.mul (local.get $depth) (i32.const 2)))))
              (local.set $sum (i32.add (local.get $sum) (i32.eq (array.len (local.get $objects)) (i32.const 3))))
              (i32.add (local.get $sum) (local.get $got)))
            """).GetFunction<Func<int, int, object, Task<int>>>("f");
        const int Kinds = 13;
        var tasks = Enumerable.Range(0, 3).Select(gate => f(gate, depth, new object())).ToList();
        foreach (var gate in new[] { 1, 2, 0 })
        {
            for (var i = 0; i < 3; i++)
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _guest.Open(gate, 1_000);
            Assert.Equal((Kinds * (depth + 1)) + 1_000, tasks[gate].Completed());
        }
    }

    public sealed class Normally() : LiveReferenceTests(suspendEverywhere: false);

    public sealed class SuspendingEverywhere() : LiveReferenceTests(suspendEverywhere: true);
}
