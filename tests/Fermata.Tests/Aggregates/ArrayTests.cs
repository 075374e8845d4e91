using System.Runtime.Intrinsics;
using Fermata.Tests.Hosting;

namespace Fermata.Tests.Aggregates;

public sealed class ArrayTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData("i8", "array.new_default", 0xFFFFFFFF)]
    [InlineData("i8", "array.new_default", 0x40000001)]
    [InlineData("v128", "array.new_default", 0x7FFFFFFF)]
    [InlineData("externref", "array.new_default", 0x80000000)]
    [InlineData("i64", "array.new $a (i64.const 1)", 0x08000001)]
    [InlineData("(ref null any)", "array.new $a (ref.i31 (i32.const 1))", 0xFFFFFFF0)]
    public void An_array_beyond_the_limit_is_a_trap(string element, string instruction, uint length)
    {
        instruction = instruction.Contains('$', StringComparison.Ordinal) ? instruction : instruction + " $a";
        var type = $"(type $a (array (mut {element})))";
        var instance = _guest.Instantiate($"{type} (func (export \"f\") (param i32) (result i32) (array.len ({instruction} (local.get 0))))");
        var trap = Assert.Throws<TrapException>(() => instance.GetFunction("f").Invoke((int)length));
        Assert.Equal(TrapKind.OutOfMemory, trap.Kind);
        Assert.StartsWith("out of memory", trap.Message, StringComparison.Ordinal);

        trap = Assert.Throws<TrapException>(() => _guest.Instantiate($"{type} (global (ref $a) ({instruction} (i32.const {length})))"));
        Assert.Equal(TrapKind.OutOfMemory, trap.Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16_384)]
    [InlineData(16_385)]
    [InlineData(1_000_000)]
    public void Short_and_long_arrays_are_filled(int length)
    {
        var instance = _guest.Instantiate("""
            (type $a (array (mut i32)))
            (func (export "f") (param i32) (result i32 i32) (local $a (ref null $a)) (local $i i32) (local $s i32)
              (local.set $a (array.new $a (i32.const 3) (local.get 0)))
              (loop $l (if (i32.lt_u (local.get $i) (array.len (local.get $a))) (then
                (local.set $s (i32.add (local.get $s) (array.get $a (local.get $a) (local.get $i))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br $l))))
              (array.len (local.get $a)) (local.get $s))
            """);

        Assert.Equal([length, 3 * length], instance.GetFunction("f").Invoke(length));
    }

    [Theory]
    [InlineData("i8")]
    [InlineData("i16")]
    [InlineData("i32")]
    [InlineData("i64")]
    [InlineData("f32")]
    [InlineData("f64")]
    [InlineData("i31ref")]
    public void Overlapping_copies_are_as_through_a_buffer(string element)
    {
        var (wrap, get) = element switch
        {
            "i8" or "i16" => ("(local.get $v)", "(array.get_u $a (local.get 0) (local.get 1))"),
            "i32" => ("(local.get $v)", "(array.get $a (local.get 0) (local.get 1))"),
            "i64" => ("(i64.extend_i32_s (local.get $v))", "(i32.wrap_i64 (array.get $a (local.get 0) (local.get 1)))"),
            "f32" => ("(f32.convert_i32_s (local.get $v))", "(i32.trunc_f32_s (array.get $a (local.get 0) (local.get 1)))"),
            "f64" => ("(f64.convert_i32_s (local.get $v))", "(i32.trunc_f64_s (array.get $a (local.get 0) (local.get 1)))"),
            _ => ("(ref.i31 (local.get $v))", "(i31.get_u (array.get $a (local.get 0) (local.get 1)))"),
        };
        var instance = _guest.Instantiate($$"""
            (type $a (array (mut {{element}})))
            (func $wrap (param $v i32) (result {{(element.Length == 2 && element[1] == '8' || element == "i16" ? "i32" : element)}}) {{wrap}})
            (func (export "make") (result anyref) (array.new_fixed $a 5
              (call $wrap (i32.const 1)) (call $wrap (i32.const 2)) (call $wrap (i32.const 3)) (call $wrap (i32.const 4)) (call $wrap (i32.const 5))))
            (func (export "copy") (param anyref i32 i32 i32) (local $a (ref null $a)) (local.set $a (ref.cast (ref $a) (local.get 0)))
              (array.copy $a $a (local.get $a) (local.get 1) (local.get $a) (local.get 2) (local.get 3)))
            (func (export "fill") (param anyref i32 i32 i32)
              (array.fill $a (ref.cast (ref $a) (local.get 0)) (local.get 1) (call $wrap (local.get 2)) (local.get 3)))
            (func $get (param (ref $a) i32) (result i32) {{get}})
            (func (export "get") (param anyref i32) (result i32) (call $get (ref.cast (ref $a) (local.get 0)) (local.get 1)))
            """);
        var array = Value.FromRef(instance.GetFunction("make").Invoke()[0].AsRef(), ValType.Ref(true, HeapType.Any));
        int[] Elements() => [.. Enumerable.Range(0, 5).Select(i => instance.GetFunction("get").Invoke(array, i)[0].AsI32())];
        TrapKind TrapOf(string name, params int[] numbers) =>
            Assert.Throws<ReferenceTrapException>(() => instance.GetFunction(name).Invoke([array, .. numbers.Select(Value.FromI32)])).Kind;

        instance.GetFunction("copy").Invoke(array, 1, 0, 4);
        Assert.Equal([1, 1, 2, 3, 4], Elements());
        instance.GetFunction("copy").Invoke(array, 0, 2, 3);
        Assert.Equal([2, 3, 4, 3, 4], Elements());
        instance.GetFunction("fill").Invoke(array, 3, 9, 2);
        Assert.Equal([2, 3, 4, 9, 9], Elements());

        // Nothing is written if anything is out of bounds; sums do not wrap around.
        Assert.Equal(TrapKind.OutOfBoundsArrayAccess, TrapOf("copy", 1, 0, 5));
        Assert.Equal(TrapKind.OutOfBoundsArrayAccess, TrapOf("copy", 0, 3, 3));
        Assert.Equal(TrapKind.OutOfBoundsArrayAccess, TrapOf("copy", -1, 0, 2));
        Assert.Equal(TrapKind.OutOfBoundsArrayAccess, TrapOf("fill", 3, 7, 3));
        Assert.Equal(TrapKind.OutOfBoundsArrayAccess, TrapOf("fill", 6, 7, 0));
        Assert.Equal(TrapKind.OutOfBoundsArrayAccess, TrapOf("get", -1));
        Assert.Equal(TrapKind.OutOfBoundsArrayAccess, TrapOf("get", 5));
        Assert.Equal([2, 3, 4, 9, 9], Elements());
        instance.GetFunction("fill").Invoke(array, 5, 7, 0);
        instance.GetFunction("copy").Invoke(array, 5, 5, 0);
    }

    [Fact]
    public void Segments_are_checked_before_anything_is_written()
    {
        var instance = _guest.Instantiate("""
            (type $b (array (mut i16)))
            (type $f (array (mut funcref)))
            (data $d "\01\00\02\00\03\00\04")
            (elem $e func $g $g)
            (func $g)
            (global $b (ref $b) (array.new $b (i32.const 7) (i32.const 3)))
            (global $f (ref $f) (array.new_default $f (i32.const 3)))
            (func (export "data") (param i32 i32 i32) (array.init_data $b $d (global.get $b) (local.get 0) (local.get 1) (local.get 2)))
            (func (export "elem") (param i32 i32 i32) (array.init_elem $f $e (global.get $f) (local.get 0) (local.get 1) (local.get 2)))
            (func (export "drop") (data.drop $d) (elem.drop $e))
            (func (export "new_data") (param i32 i32) (result i32) (array.len (array.new_data $b $d (local.get 0) (local.get 1))))
            (func (export "new_elem") (param i32 i32) (result i32) (array.len (array.new_elem $f $e (local.get 0) (local.get 1))))
            (func (export "state") (result i32 i32 i32 i32 i32 i32)
              (array.get_u $b (global.get $b) (i32.const 0)) (array.get_u $b (global.get $b) (i32.const 1)) (array.get_u $b (global.get $b) (i32.const 2))
              (ref.is_null (array.get $f (global.get $f) (i32.const 0))) (ref.is_null (array.get $f (global.get $f) (i32.const 1)))
              (ref.is_null (array.get $f (global.get $f) (i32.const 2))))
            """);
        TrapKind TrapOf(string name, params int[] numbers) =>
            Assert.ThrowsAny<TrapException>(() => instance.GetFunction(name).Invoke([.. numbers.Select(Value.FromI32)])).Kind;

        Assert.Equal(TrapKind.OutOfBoundsArrayAccess, TrapOf("data", 2, 0, 2));
        Assert.Equal(TrapKind.OutOfBoundsMemoryAccess, TrapOf("data", 0, 2, 3));
        Assert.Equal(TrapKind.OutOfBoundsMemoryAccess, TrapOf("data", 0, -2, 2));
        Assert.Equal(TrapKind.OutOfBoundsArrayAccess, TrapOf("elem", 2, 0, 2));
        Assert.Equal(TrapKind.OutOfBoundsTableAccess, TrapOf("elem", 0, 1, 2));
        Assert.Equal(TrapKind.OutOfBoundsMemoryAccess, TrapOf("new_data", 0, 4));
        Assert.Equal(TrapKind.OutOfBoundsMemoryAccess, TrapOf("new_data", 0, -1));
        Assert.Equal(TrapKind.OutOfBoundsTableAccess, TrapOf("new_elem", 0, -1));
        Assert.Equal([7, 7, 7, 1, 1, 1], instance.GetFunction("state").Invoke());

        instance.GetFunction("data").Invoke(1, 1, 2);
        instance.GetFunction("elem").Invoke(1, 0, 2);
        Assert.Equal([7, 0x200, 0x300, 1, 0, 0], instance.GetFunction("state").Invoke());
        Assert.Equal([3], instance.GetFunction("new_data").Invoke(1, 3));

        instance.GetFunction("drop").Invoke();
        Assert.Equal(TrapKind.OutOfBoundsMemoryAccess, TrapOf("data", 0, 0, 1));
        Assert.Equal(TrapKind.OutOfBoundsTableAccess, TrapOf("new_elem", 0, 1));
        Assert.Equal([0], instance.GetFunction("new_data").Invoke(0, 0));
    }

    [Theory]
    [InlineData("(array.get $a (ref.null $a) (i32.const 0))")]
    [InlineData("(array.set $a (global.get $n) (i32.const 0) (i32.const 0)) (i32.const 0)")]
    [InlineData("(array.len (ref.null array))")]
    [InlineData("(array.fill $a (global.get $n) (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 0)")]
    [InlineData("(array.copy $a $a (global.get $n) (i32.const 0) (global.get $a) (i32.const 0) (i32.const 0)) (i32.const 0)")]
    [InlineData("(array.copy $a $a (global.get $a) (i32.const 9) (global.get $n) (i32.const 0) (i32.const 0)) (i32.const 0)")]
    [InlineData("(array.init_data $a $d (global.get $n) (i32.const 9) (i32.const 9) (i32.const 0)) (i32.const 0)")]
    public void Null_is_a_trap(string body)
    {
        var instance = _guest.Instantiate(
            "(type $a (array (mut i32))) (data $d \"\") (global $n (mut (ref null $a)) (ref.null $a)) (global $a (ref $a) (array.new_default $a (i32.const 1)))" +
            $"(func (export \"f\") (result i32) {body})");

        Assert.Equal(TrapKind.NullArrayReference, Assert.Throws<ReferenceTrapException>(() => instance.GetFunction("f").Invoke()).Kind);
    }

    [Fact]
    public void An_array_is_one_array_under_all_its_types()
    {
        // What is written under one type is read under another, also where the JIT has both in one loop.
        var instance = _guest.Instantiate("""
            (type $a (sub (array (mut i32))))
            (type $b (sub $a (array (mut i32))))
            (type $c (sub final $b (array (mut i32))))
            (func (export "f") (param $n i32) (result i32) (local $c (ref null $c)) (local $a (ref null $a)) (local $s i32)
              (local.set $c (array.new_default $c (i32.const 4)))
              (local.set $a (local.get $c))
              (loop $l
                (array.set $c (local.get $c) (i32.const 1) (local.get $n))
                (local.set $s (i32.add (local.get $s) (array.get $a (local.get $a) (i32.const 1))))
                (array.fill $b (local.get $c) (i32.const 0) (i32.const 1) (i32.const 2))
                (local.set $s (i32.add (local.get $s) (array.get $c (local.get $c) (i32.const 1))))
                (array.set $a (local.get $a) (i32.const 1) (i32.const 100))
                (local.set $s (i32.add (local.get $s) (array.get $b (ref.cast (ref $b) (local.get $a)) (i32.const 1))))
                (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
              (local.get $s))
            (func (export "tests") (result i32 i32 i32 i32)
              (ref.test (ref $a) (array.new_default $c (i32.const 0))) (ref.test (ref $b) (array.new_default $c (i32.const 0)))
              (ref.test (ref $c) (array.new_default $b (i32.const 0))) (ref.test (ref $b) (array.new_default $a (i32.const 0))))
            """);

        Assert.Equal([55 + 10 + 1000], instance.GetFunction("f").Invoke(10));
        Assert.Equal([1, 1, 0, 0], instance.GetFunction("tests").Invoke());
    }

    [Fact]
    public void Vectors_are_elements_too()
    {
        var instance = _guest.Instantiate("""
            (type $a (array (mut v128)))
            (global $g (ref $a) (array.new_fixed $a 2 (v128.const i64x2 1 2) (v128.const i64x2 3 4)))
            (func (export "f") (param v128) (result v128 v128 v128) (local $a (ref null $a))
              (local.set $a (array.new $a (local.get 0) (i32.const 3)))
              (array.copy $a $a (local.get $a) (i32.const 1) (global.get $g) (i32.const 0) (i32.const 2))
              (array.get $a (local.get $a) (i32.const 0)) (array.get $a (local.get $a) (i32.const 1)) (array.get $a (local.get $a) (i32.const 2)))
            """);
        Value Of(ulong low, ulong high) => Value.FromV128(Vector128.Create(low, high).AsByte());

        Assert.Equal([Of(8, 9), Of(1, 2), Of(3, 4)], instance.GetFunction("f").Invoke(Of(8, 9)));
    }
}
