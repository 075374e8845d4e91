using System.Runtime.Intrinsics;
using System.Text;
using Fermata.Tests.Hosting;

namespace Fermata.Tests.Aggregates;

public sealed class StructureTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Fields_of_every_type_keep_their_values()
    {
        var instance = _guest.Instantiate("""
            (type $s (struct (field i8) (field i16) (field i32) (field i64) (field f32) (field f64) (field v128) (field externref)))
            (func (export "f") (param i32 i32 i32 i64 f32 f64 v128 externref) (result i32 i32 i32 i32 i32 i64 f32 f64 v128 externref)
              (local $s (ref null $s))
              (local.set $s (struct.new $s (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (local.get 7)))
              (struct.get_s $s 0 (local.get $s)) (struct.get_u $s 0 (local.get $s))
              (struct.get_s $s 1 (local.get $s)) (struct.get_u $s 1 (local.get $s))
              (struct.get $s 2 (local.get $s)) (struct.get $s 3 (local.get $s)) (struct.get $s 4 (local.get $s))
              (struct.get $s 5 (local.get $s)) (struct.get $s 6 (local.get $s)) (struct.get $s 7 (local.get $s)))
            """);
        var vector = Vector128.Create(1ul, ulong.MaxValue).AsByte();
        var thing = Value.FromRef(new object(), ValType.ExternRef);

        var results = instance.GetFunction("f").Invoke(0x1FF, 0x18000, int.MinValue, long.MinValue, -0f, double.NaN, Value.FromV128(vector), thing);

        Assert.Equal([-1, 0xFF, -0x8000, 0x8000, int.MinValue, long.MinValue, -0f, double.NaN, Value.FromV128(vector), thing], results);
    }

    [Theory]
    [InlineData("(struct.get $s 0 (ref.null $s))", TrapKind.NullStructureReference)]
    [InlineData("(struct.get_s $s 1 (global.get $null))", TrapKind.NullStructureReference)]
    [InlineData("(struct.get_u $s 1 (ref.cast (ref null $s) (global.get $null)))", TrapKind.NullStructureReference)]
    [InlineData("(struct.set $s 0 (global.get $null) (i32.const 1)) (i32.const 0)", TrapKind.NullStructureReference)]
    [InlineData("(struct.set $s 0 (ref.null none) (i32.const 1)) (i32.const 0)", TrapKind.NullStructureReference)]
    [InlineData("(struct.get $s 0 (ref.as_non_null (global.get $null)))", TrapKind.NullReference)]
    [InlineData("(struct.get $s 0 (ref.cast (ref $s) (global.get $null)))", TrapKind.CastFailure)]
    public void Null_is_a_trap(string body, TrapKind kind)
    {
        var instance = _guest.Instantiate(
            $"(type $s (struct (field (mut i32)) (field i8))) (global $null (mut (ref null $s)) (ref.null $s)) (func (export \"f\") (result i32) {body})");

        Assert.Equal(kind, Assert.ThrowsAny<TrapException>(() => instance.GetFunction("f").Invoke()).Kind);
    }

    [Fact]
    public void A_structure_may_have_as_many_fields_as_validation_allows()
    {
        var fields = new StringBuilder();
        for (var i = 0; i < 9_999; i++)
            fields.Append(i % 3 == 0 ? "(field v128)" : i % 3 == 1 ? "(field (mut i32))" : "(field externref)");
        var instance = _guest.Instantiate($$"""
            (type $s (struct {{fields}} (field $last (mut i64))))
            (func (export "f") (param i64) (result i64) (local $s (ref null $s))
              (local.set $s (struct.new_default $s))
              (struct.set $s $last (local.get $s) (local.get 0))
              (struct.set $s 1 (local.get $s) (i32.const -1))
              (struct.get $s $last (local.get $s)))
            """);

        Assert.Equal(42, instance.GetFunction<Func<long, long>>("f")(42));
    }

    [Fact]
    public void A_class_derives_from_those_of_all_types_above()
    {
        const int Depth = 63;
        var types = new StringBuilder("(type $t0 (sub (struct (field $f0 (mut i32)))))");
        for (var i = 1; i <= Depth; i++)
            types.Append($"(type $t{i} (sub $t{i - 1} (struct {string.Concat(Enumerable.Repeat("(field (mut i32))", i + 1))})))");
        var instance = _guest.Instantiate($$"""
            {{types}}
            (func (export "f") (param i32) (result i32 i32 i32) (local $s (ref null $t{{Depth}})) (local $a anyref)
              (local.set $s (struct.new_default $t{{Depth}}))
              (local.set $a (local.get $s))
              (struct.set $t0 0 (local.get $s) (local.get 0))
              (struct.set $t63 63 (local.get $s) (i32.const 7))
              (struct.get $t31 0 (ref.cast (ref $t31) (local.get $a)))
              (struct.get $t63 63 (ref.cast (ref $t63) (local.get $a)))
              (ref.test (ref $t63) (struct.new_default $t62)))
            """);

        Assert.Equal([5, 7, 0], instance.GetFunction("f").Invoke(5));
    }

    [Fact]
    public void Objects_in_native_frames_do_not_overflow_the_stack()
    {
        var body = new StringBuilder();
        for (var i = 0; i < 600; i++)
            body.Append("(local.set $r (struct.new_default $s)) (struct.set $s 0 (local.get $r) (local.get $x)) (local.set $t (i32.add (local.get $t) (struct.get $s 0 (local.get $r))))");
        using var guest = new Guest(engine: new EngineOptions { MaxStackBytes = 0 });
        var instance = guest.Instantiate($$"""
            (type $s (struct (field (mut i32)) {{string.Concat(Enumerable.Repeat("(field i64)", 62))}}))
            (func $f (export "f") (param $x i32) (result i32) (local $r (ref null $s)) (local $t i32)
              {{body}}
              (i32.add (local.get $t) (call $f (local.get $x))))
            """);

        Assert.Throws<StackExhaustedException>(() => instance.GetFunction("f").Invoke(1));
    }

    [Fact]
    public void A_function_may_use_any_number_of_types()
    {
        // Each type has one field more than the one before; the engine spreads the classes over several assemblies.
        var types = string.Concat(Enumerable.Range(0, 300).Select(i => $"(type $t{i} (struct {string.Concat(Enumerable.Repeat("(field i32)", i + 1))}))"));
        var uses = string.Concat(Enumerable.Range(0, 300).Select(
            i => $"(local.set $sum (i32.add (local.get $sum) (ref.test (ref $t{i}) (select (result anyref) (struct.new_default $t{i}) (ref.null any) (i32.const 1)))))"));
        var instance = _guest.Instantiate($"{types} (func (export \"f\") (result i32) (local $sum i32) {uses} (local.get $sum))");

        Assert.Equal([300], instance.GetFunction("f").Invoke());
    }

    [Fact]
    public void Constant_expressions_make_structures()
    {
        var instance = _guest.Instantiate("""
            (type $in (struct (field i8) (field f64)))
            (type $s (struct (field (ref $in)) (field i16) (field i64) (field f32) (field v128) (field anyref)))
            (global $n i32 (i32.const 0x1FF))
            (global $s (ref $s) (struct.new $s
              (struct.new $in (global.get $n) (f64.const 0.5)) (i32.const -1) (i64.const 9) (f32.const -0) (v128.const i64x2 1 2) (ref.i31 (i32.const 5))))
            (global $d (ref $in) (struct.new_default $in))
            (table $t 2 anyref (struct.new_default $in))
            (elem (table $t) (offset (i32.const 0)) anyref (item (global.get $s)))
            (func (export "f") (result i32 f64 i32 i64 f32 v128 i32 i32 i32)
              (struct.get_s $in 0 (struct.get $s 0 (global.get $s))) (struct.get $in 1 (struct.get $s 0 (global.get $s)))
              (struct.get_u $s 1 (global.get $s)) (struct.get $s 2 (global.get $s)) (struct.get $s 3 (global.get $s)) (struct.get $s 4 (global.get $s))
              (i31.get_s (ref.cast (ref i31) (struct.get $s 5 (global.get $s))))
              (ref.test (ref $s) (table.get $t (i32.const 0))) (ref.test (ref $in) (table.get $t (i32.const 1))))
            """);

        Assert.Equal(
            [-1, 0.5, 0xFFFF, 9L, -0f, Value.FromV128(Vector128.Create(1ul, 2ul).AsByte()), 5, 1, 1], instance.GetFunction("f").Invoke());
    }
}
