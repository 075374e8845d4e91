using Fermata.Tests.Hosting;

namespace Fermata.Tests.Aggregates;

public sealed class I31Tests : IDisposable
{
    private static readonly ValType AnyRef = ValType.Ref(true, HeapType.Any);
    private static readonly ValType I31Ref = ValType.Ref(true, HeapType.I31);

    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(-1, -1, int.MaxValue)]
    [InlineData(0x3FFFFFFF, 0x3FFFFFFF, 0x3FFFFFFF)]
    [InlineData(0x40000000, -0x40000000, 0x40000000)]
    [InlineData(int.MinValue, 0, 0)]
    [InlineData(-129, -129, 0x7FFFFF7F)]
    [InlineData(1024, 1024, 1024)]
    public void An_integer_keeps_31_bits(int value, int signed, int unsigned)
    {
        var reference = I31.From(value);
        Assert.Equal(signed, reference.Signed);
        Assert.Equal(unsigned, reference.Unsigned);
        Assert.Equal(I31.From(unsigned), reference);
        Assert.Equal(I31.From(signed).GetHashCode(), reference.GetHashCode());
    }

    [Fact]
    public void Equality_is_by_value()
    {
        var instance = _guest.Instantiate("""
            (type $s (struct))
            (func $eq (export "eq") (param eqref eqref) (result i32) (ref.eq (local.get 0) (local.get 1)))
            (func (export "i31") (param i32 i32) (result i32) (call $eq (ref.i31 (local.get 0)) (ref.i31 (local.get 1))))
            (func (export "others") (result i32 i32 i32 i32 i32) (local $s (ref null $s))
              (local.set $s (struct.new $s))
              (call $eq (local.get $s) (local.get $s)) (call $eq (local.get $s) (struct.new $s))
              (call $eq (local.get $s) (ref.i31 (i32.const 1))) (call $eq (ref.i31 (i32.const 1000000)) (ref.null eq)) (call $eq (ref.null none) (ref.null i31)))
            """);
        foreach (var (left, right, equal) in new[] { (1, 1, 1), (1, 2, 0), (5_000_000, 5_000_000, 1), (5_000_000, 5_000_001, 0), (-1, int.MaxValue, 1) })
            Assert.Equal([equal], instance.GetFunction("i31").Invoke(left, right));
        Assert.Equal([1, 0, 0, 0, 1], instance.GetFunction("others").Invoke());

        var million = Value.FromRef(I31.From(1_000_000), I31Ref);
        Assert.Equal([1], instance.GetFunction("eq").Invoke(million, Value.FromRef(I31.From(1_000_000), I31Ref)));
    }

    [Fact]
    public void The_host_makes_and_reads_them()
    {
        _guest.Linker.Define("env", "double", (I31 value) => (object)I31.From(value.Signed * 2));
        var instance = _guest.Instantiate("""
            (import "env" "double" (func $double (param (ref i31)) (result anyref)))
            (func (export "f") (param i32) (result i32) (i31.get_s (ref.cast (ref i31) (call $double (ref.i31 (local.get 0))))))
            (func (export "extern") (param i32) (result externref) (extern.convert_any (ref.i31 (local.get 0))))
            (func (export "intern") (param externref) (result i32) (i31.get_u (ref.cast i31ref (any.convert_extern (local.get 0)))))
            (global (export "g") (mut i31ref) (ref.i31 (i32.const 3)))
            (table (export "t") 1 (ref null eq))
            """);

        Assert.Equal(-14, instance.GetFunction<Func<int, int>>("f")(-7));
        Assert.Equal(I31.From(9), instance.GetFunction("extern").Invoke(9)[0].AsRef());
        Assert.Equal([9], instance.GetFunction("intern").Invoke(Value.FromRef(I31.From(9), ValType.ExternRef)));

        // A boxed integer of .NET is an object like any other.
        var boxed = Value.FromRef(9, ValType.ExternRef);
        Assert.Equal(TrapKind.CastFailure, Assert.Throws<ReferenceTrapException>(() => instance.GetFunction("intern").Invoke(boxed)).Kind);

        Assert.Equal(I31.From(3), instance.GetGlobal("g").Value.AsRef());
        instance.GetGlobal("g").Value = Value.FromRef(I31.From(4), AnyRef);
        Assert.Throws<ArgumentException>(() => instance.GetGlobal("g").Value = Value.FromRef("four", AnyRef));
        instance.GetTable("t").Set(0, I31.From(5));
        Assert.Throws<ArgumentException>(() => instance.GetTable("t").Set(0, "five"));
        Assert.Throws<ArgumentException>(() => Value.FromRef(5, I31Ref));
        Assert.Throws<ArgumentException>(() => Value.FromRef(I31.From(5), ValType.Ref(true, HeapType.Struct)));
    }
}
