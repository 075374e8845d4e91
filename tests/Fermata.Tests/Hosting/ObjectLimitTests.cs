namespace Fermata.Tests.Hosting;

/// <summary>What the structures, arrays and exceptions that live in a store may take (<see cref="StoreLimits.MaxObjectBytes"/>).</summary>
public sealed class ObjectLimitTests
{
    private const int Limit = 4 << 20;

    private const string Program = """
        (import "env" "fail" (func $fail))
        (type $node (struct (field (ref null $node)) (field anyref)))
        (type $bytes (array (mut i8)))
        (type $failures (struct (field (ref null $failures)) (field exnref)))
        (tag $e (param i64))
        (data $data "0123456789")
        (elem $elements (ref null any) (ref.null any) (ref.null any))
        (type $references (array (mut (ref null any))))
        (global $list (mut (ref null $node)) (ref.null $node))
        (global $thrown (mut (ref null $failures)) (ref.null $failures))
        (global $last (mut anyref) (ref.null any))
        (global $count (export "count") (mut i64) (i64.const 0))
        (func $keep (param anyref)
          (global.set $list (struct.new $node (global.get $list) (local.get 0)))
          (global.set $count (i64.add (global.get $count) (i64.const 1))))
        (func $throw (result exnref) (block $h (result exnref) (try_table (catch_all_ref $h) (throw $e (i64.const 1))) (unreachable)))

        (func (export "structures") (block $h (try_table (catch_all $h) (loop (call $keep (ref.null any)) (br 0)))))
        (func (export "arrays") (param i32) (loop (call $keep (array.new_default $bytes (local.get 0))) (br 0)))
        (func (export "filled arrays") (loop (call $keep (array.new $bytes (i32.const 1) (i32.const 500))) (br 0)))
        (func (export "fixed arrays") (loop (call $keep (array.new_fixed $bytes 2 (i32.const 1) (i32.const 2))) (br 0)))
        (func (export "arrays of data") (loop (call $keep (array.new_data $bytes $data (i32.const 0) (i32.const 10))) (br 0)))
        (func (export "arrays of elements") (loop (call $keep (array.new_elem $references $elements (i32.const 0) (i32.const 2))) (br 0)))
        (func (export "integers") (loop (call $keep (ref.i31 (i32.const 1000000))) (br 0)))
        (func (export "exceptions") (loop (global.set $thrown (struct.new $failures (global.get $thrown) (call $throw))) (br 0)))
        (func (export "drop") (global.set $list (ref.null $node)) (global.set $count (i64.const 0)))
        (func (export "garbage") (param $bytes i32) (param $times i32)
          (loop
            (global.set $last (array.new_default $bytes (local.get $bytes)))
            (br_if 0 (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
        (func (export "fail") (block $h (try_table (catch_all $h) (call $fail))))
        """;

    [Theory]
    [InlineData("structures")]
    [InlineData("arrays", 10)]
    [InlineData("arrays", 3_000)]
    [InlineData("arrays", 100_000)]
    [InlineData("arrays", 5_000_000)]
    [InlineData("filled arrays")]
    [InlineData("fixed arrays")]
    [InlineData("arrays of data")]
    [InlineData("arrays of elements")]
    [InlineData("integers")]
    [InlineData("exceptions")]
    public void CodeThatKeepsTooManyObjectsTraps(string name, params int[] arguments)
    {
        using var guest = NewGuest(new StoreLimits { MaxObjectBytes = Limit });
        var function = guest.Instantiate(Program).GetFunction(name);
        var trap = Assert.Throws<TrapException>(() => function.Invoke([.. arguments.Select(argument => (Value)argument)]));
        Assert.Equal(TrapKind.OutOfMemory, trap.Kind);
        Assert.StartsWith("out of memory (the store's limiter refuses ", trap.Message, StringComparison.Ordinal);
        Assert.Contains(" bytes of objects)\n", trap.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheEstimateIsNearTheTruthAndWhatIsDroppedCountsNoLonger()
    {
        const int NodeBytes = 32;
        using var guest = NewGuest(new StoreLimits { MaxObjectBytes = Limit });
        var instance = guest.Instantiate(Program);
        for (var round = 0; round < 3; round++)
        {
            Assert.Throws<TrapException>(() => instance.GetFunction("structures").Invoke());
            Assert.InRange(instance.GetGlobal("count").Get<long>() * NodeBytes, Limit * 0.7, Limit * 1.3);
            instance.GetFunction("drop").Invoke();
        }
    }

    [Theory]
    [InlineData(10, 1_000_000)]
    [InlineData(10_000, 10_000)]
    [InlineData(1_000_000, 100)]
    public void GarbageDoesNotCount(int bytes, int times)
    {
        using var guest = NewGuest(new StoreLimits { MaxObjectBytes = Limit });
        guest.Instantiate(Program).GetFunction("garbage").Invoke(bytes, times);
    }

    [Fact]
    public void AnyLimiterIsAsked()
    {
        var limiter = new Recorder();
        using var guest = NewGuest(limiter);
        var instance = guest.Instantiate(Program);
        Assert.Throws<TrapException>(() => instance.GetFunction("structures").Invoke());
        Assert.InRange(limiter.Largest, Limit, Limit * 1.2);
    }

    [Fact]
    public void CodeDoesNotCatchThatThereIsNoMemory()
    {
        using var guest = NewGuest(null);
        var instance = guest.Instantiate(Program);
        Assert.Throws<OutOfMemoryException>(() => instance.GetFunction("fail").Invoke());
    }

    private static Guest NewGuest(ResourceLimiter? limiter)
    {
        var guest = new Guest(new StoreOptions { Limiter = limiter });
        guest.Linker.Define("env", "fail", void () => throw new OutOfMemoryException());
        return guest;
    }

    private sealed class Recorder : ResourceLimiter
    {
        public long Largest { get; private set; }

        public override bool Allows(StoreResource resource, long current, long wanted)
        {
            if (resource != StoreResource.ObjectBytes)
                return true;
            Largest = Math.Max(Largest, wanted);
            return wanted <= Limit;
        }
    }
}
