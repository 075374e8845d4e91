using Fermata.Tests.Hosting;

namespace Fermata.Tests.Aggregates;

/// <summary>Objects of the host among those of WebAssembly, and those of one module in another.</summary>
public sealed class ReferenceTests : IDisposable
{
    private const string Types = """
        (type $s (sub (struct (field (mut i32)))))
        (type $t (sub $s (struct (field (mut i32)) (field i64))))
        (type $a (array (mut i32)))
        """;

    private const string Maker = Types + """
        (func (export "s") (result (ref $s)) (struct.new $s (i32.const 1)))
        (func (export "t") (result (ref $t)) (struct.new $t (i32.const 2) (i64.const 3)))
        (func (export "a") (result (ref $a)) (array.new $a (i32.const 4) (i32.const 5)))
        """;

    private const string Taker = """
        (type $other (sub (struct (field f64))))
        """ + Types + """
        (func (export "s") (param (ref null $s)) (result i32) (struct.get $s 0 (local.get 0)))
        (func (export "a") (param (ref null $a)) (result i32) (array.len (local.get 0)))
        (func (export "tests") (param externref) (result i32 i32 i32 i32 i32 i32 i32 i32 i32) (local $x anyref)
          (local.set $x (any.convert_extern (local.get 0)))
          (ref.test (ref any) (local.get $x)) (ref.test (ref eq) (local.get $x)) (ref.test (ref i31) (local.get $x)) (ref.test (ref struct) (local.get $x))
          (ref.test (ref array) (local.get $x)) (ref.test (ref none) (local.get $x)) (ref.test (ref $s) (local.get $x)) (ref.test (ref $t) (local.get $x))
          (ref.test (ref $a) (local.get $x)))
        (func (export "same") (param externref) (result externref) (extern.convert_any (any.convert_extern (local.get 0))))
        (table (export "table") 1 (ref null $s))
        (global (export "global") (mut (ref null $s)) (ref.null $s))
        """;

    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void An_object_of_the_host_is_any_and_nothing_else()
    {
        var taker = _guest.Instantiate(Taker);
        foreach (object thing in new object[] { "text", 5, new int[3], new object[2], new Engine(), taker.GetFunction("s") })
        {
            var value = Value.FromRef(thing, ValType.ExternRef);
            Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 0], taker.GetFunction("tests").Invoke(value));
            Assert.Same(thing, taker.GetFunction("same").Invoke(value)[0].AsRef());
        }

        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0], taker.GetFunction("tests").Invoke(Value.NullRef(ValType.ExternRef)));
        Assert.Null(taker.GetFunction("same").Invoke(Value.NullRef(ValType.ExternRef))[0].AsRef());
    }

    [Fact]
    public void Equal_types_of_two_modules_are_one_type()
    {
        var maker = _guest.Instantiate(Maker);
        var taker = _guest.Instantiate(Taker);
        var (s, t, a) = (Make(maker, "s"), Make(maker, "t"), Make(maker, "a"));

        Assert.Equal([1], taker.GetFunction("s").Invoke(s));
        Assert.Equal([2], taker.GetFunction("s").Invoke(t));
        Assert.Equal([5], taker.GetFunction("a").Invoke(a));
        Assert.Equal([1, 1, 0, 1, 0, 0, 1, 0, 0], Tests(taker, s));
        Assert.Equal([1, 1, 0, 1, 0, 0, 1, 1, 0], Tests(taker, t));
        Assert.Equal([1, 1, 0, 0, 1, 0, 0, 0, 1], Tests(taker, a));
        Assert.Throws<ArgumentException>(() => taker.GetFunction("s").Invoke(a));
        Assert.Throws<ArgumentException>(() => taker.GetFunction("a").Invoke(s));

        taker.GetTable("table").Set(0, t.AsRef());
        taker.GetGlobal("global").Value = t;
        Assert.Same(t.AsRef(), taker.GetGlobal("global").Value.AsRef());
        Assert.Throws<ArgumentException>(() => taker.GetTable("table").Set(0, a.AsRef()));
        Assert.Throws<ArgumentException>(() => taker.GetGlobal("global").Value = a);
        Assert.Equal(s, Value.FromRef(s.AsRef(), s.Type));
        Assert.Throws<ArgumentException>(() => Value.FromRef(a.AsRef(), s.Type));
    }

    [Fact]
    public void Types_of_two_engines_are_never_the_same()
    {
        // Both engines number their types alike.
        using var other = new Guest();
        var maker = other.Instantiate(Taker.Replace("(export \"s\")", "(export \"s0\")", StringComparison.Ordinal)
            .Replace("(export \"a\")", "(export \"a0\")", StringComparison.Ordinal) + Maker[Types.Length..]);
        var taker = _guest.Instantiate(Taker);
        var (s, a) = (Make(maker, "s"), Make(maker, "a"));

        Assert.Throws<ArgumentException>(() => taker.GetFunction("s").Invoke(s));
        Assert.Throws<ArgumentException>(() => taker.GetFunction("a").Invoke(a));
        Assert.Throws<ArgumentException>(() => taker.GetTable("table").Set(0, s.AsRef()));
        Assert.Throws<ArgumentException>(() => taker.GetGlobal("global").Value = s);
        Assert.Equal([1, 1, 0, 1, 0, 0, 0, 0, 0], Tests(taker, s));
        Assert.Equal([1, 1, 0, 0, 1, 0, 0, 0, 0], Tests(taker, a));
    }

    [Fact]
    public void Delegates_carry_references_as_objects()
    {
        object? seen = null;
        _guest.Linker.Define("env", "see", (object thing) => seen = thing);
        var instance = _guest.Instantiate("""
            (type $s (struct (field i32)))
            (import "env" "see" (func $see (param structref) (result eqref)))
            (func (export "new") (param i32) (result (ref $s)) (struct.new $s (local.get 0)))
            (func (export "get") (param (ref $s)) (result i32) (struct.get $s 0 (local.get 0)))
            (func (export "see") (param i32) (result i32) (struct.get $s 0 (ref.cast (ref $s) (call $see (struct.new $s (local.get 0))))))
            """);
        var structure = instance.GetFunction<Func<int, object>>("new")(6);

        Assert.Equal(6, instance.GetFunction<Func<object, int>>("get")(structure));
        Assert.Equal(7, instance.GetFunction<Func<int, int>>("see")(7));
        Assert.Equal(7, instance.GetFunction<Func<object, int>>("get")(seen!));
        Assert.Throws<ArgumentException>(() => instance.GetFunction<Func<object, int>>("get")("text"));
        Assert.Throws<ArgumentException>(() => instance.GetFunction<Func<object?, int>>("get")(null));
    }

    private static Value Make(Instance maker, string name) => maker.GetFunction(name).Invoke()[0];

    private static Value[] Tests(Instance taker, Value value) => taker.GetFunction("tests").Invoke(Value.FromRef(value.AsRef(), ValType.ExternRef));
}
