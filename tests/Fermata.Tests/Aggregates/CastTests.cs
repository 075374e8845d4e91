using Fermata.Tests.Hosting;

namespace Fermata.Tests.Aggregates;

/// <summary>Every value against every type of its hierarchy, with every instruction that asks.</summary>
public sealed class CastTests : IDisposable
{
    private const string Types = """
        (type $s (sub (struct)))
        (type $t (sub $s (struct (field i32))))
        (type $u (sub final $t (struct (field i32) (field i32))))
        (type $a (sub (array i32)))
        (type $b (sub final $a (array i32)))
        (type $f (sub (func)))
        (type $g (sub final $f (func)))
        """;

    private static readonly string[] Names = ["any", "eq", "i31", "struct", "array", "none", "$s", "$t", "$u", "$a", "$b"];

    /// <summary>An expression, and the types that it is of.</summary>
    private static readonly (string Value, string Of)[] Values =
    [
        ("(ref.null any)", ""),
        ("(any.convert_extern (local.get $x))", "any"),
        ("(ref.i31 (i32.const 1))", "any eq i31"),
        ("(ref.i31 (i32.const 100000000))", "any eq i31"),
        ("(struct.new_default $s)", "any eq struct $s"),
        ("(struct.new_default $t)", "any eq struct $s $t"),
        ("(struct.new_default $u)", "any eq struct $s $t $u"),
        ("(array.new_default $a (i32.const 1))", "any eq array $a"),
        ("(array.new_default $b (i32.const 1))", "any eq array $a $b"),
    ];

    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void All_values_and_types(bool isStaticTypeKnown)
    {
        foreach (var name in Names)
        {
            foreach (var nullable in new[] { "", "null " })
            {
                // A local has a type that the compiler uses; the result of a block has none.
                string Get(string value) => isStaticTypeKnown ? $"(local.tee $v {value})" : $"(block (result anyref) {value})";
                var type = $"(ref {nullable}{name})";
                var functions = Values.Select((value, i) => $$"""
                    (func (export "test{{i}}") (param $x externref) (result i32) (local $v anyref) (ref.test {{type}} {{Get(value.Value)}}))
                    (func (export "cast{{i}}") (param $x externref) (result i32) (local $v anyref) (ref.is_null (ref.cast {{type}} {{Get(value.Value)}})))
                    (func (export "br{{i}}") (param $x externref) (result i32) (local $v anyref)
                      (block $l (result {{type}}) (drop (br_on_cast $l anyref {{type}} {{Get(value.Value)}})) (return (i32.const 0)))
                      (return (i32.add (ref.is_null) (i32.const 1))))
                    (func (export "fail{{i}}") (param $x externref) (result i32) (local $v anyref)
                      (block $l (result anyref) (br_on_cast_fail $l anyref {{type}} {{Get(value.Value)}}) (return (i32.add (ref.is_null) (i32.const 1))))
                      (drop) (i32.const 0))
                    """);
                var instance = _guest.Instantiate(Types + string.Concat(functions));
                for (var i = 0; i < Values.Length; i++)
                {
                    var isNull = i == 0;
                    var expected = isNull ? nullable.Length > 0 : Values[i].Of.Split(' ').Contains(name);
                    var what = $"{Values[i].Value} as {type}";
                    Assert.True(Call(instance, $"test{i}") == (expected ? 1 : 0), what);
                    Assert.True(Call(instance, $"br{i}") == (expected ? isNull ? 2 : 1 : 0), what);
                    Assert.True(Call(instance, $"fail{i}") == (expected ? isNull ? 2 : 1 : 0), what);
                    if (expected)
                        Assert.True(Call(instance, $"cast{i}") == (isNull ? 1 : 0), what);
                    else
                        Assert.Equal(TrapKind.CastFailure, Assert.Throws<ReferenceTrapException>(() => Call(instance, $"cast{i}")).Kind);
                }
            }
        }
    }

    [Fact]
    public void Functions()
    {
        var instance = _guest.Instantiate(Types + """
            (elem declare func $pf $pg)
            (func $pf (type $f)) (func $pg (type $g))
            (func (export "f") (result i32 i32 i32 i32 i32 i32 i32) (local $x funcref)
              (local.set $x (ref.func $pf))
              (ref.test (ref $f) (local.get $x)) (ref.test (ref $g) (local.get $x)) (ref.test (ref func) (local.get $x)) (ref.test (ref nofunc) (local.get $x))
              (local.set $x (ref.func $pg))
              (ref.test (ref $f) (local.get $x)) (ref.test (ref $g) (local.get $x)) (ref.test (ref null $g) (ref.null func)))
            """);

        Assert.Equal([1, 0, 1, 0, 1, 1, 1], instance.GetFunction("f").Invoke());
    }

    private static int Call(Instance instance, string function) =>
        instance.GetFunction(function).Invoke(Value.FromRef("a thing", ValType.ExternRef))[0].AsI32();
}
