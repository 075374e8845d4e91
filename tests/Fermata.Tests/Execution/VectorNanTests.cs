using System.Runtime.Intrinsics;
using Fermata.Tests.Hosting;

namespace Fermata.Tests.Execution;

/// <summary>
/// Signaling NaNs: arithmetic makes them quiet (section 4.3.3 "Floating-Point Operations", NaN propagation), whatever it is with; what
/// moves bits does not.
/// </summary>
public sealed class VectorNanTests : IDisposable
{
    private const uint Signaling32 = 0x7FA12345;
    private const ulong Signaling64 = 0xFFF4000000012345;
    private const uint Quiet32 = 1u << 22;
    private const ulong Quiet64 = 1ul << 51;

    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData("add", "-0", false)]
    [InlineData("add", "-0", true)]
    [InlineData("sub", "0", false)]
    [InlineData("mul", "1", false)]
    [InlineData("mul", "1", true)]
    [InlineData("mul", "-1", false)]
    [InlineData("div", "1", false)]
    [InlineData("min", "-0", false)]
    [InlineData("min", "1", true)]
    [InlineData("max", "-0", false)]
    [InlineData("max", "0", true)]
    [InlineData("relaxed_min", "-0", true)]
    [InlineData("relaxed_max", "inf", true)]
    [InlineData("add", "nan:0x1", false)]
    public void Arithmetic_with_a_constant(string operation, string constant, bool isFirst)
    {
        foreach (string other in (string[])["(v128.const SHAPE)", "(local.get $constant)"])
        {
            string operands = isFirst ? $"{other} (local.get 0)" : $"(local.get 0) {other}";
            AssertQuiet($"(SHAPE.{operation} {operands})", constant);
        }
    }

    [Theory]
    [InlineData("sqrt")]
    [InlineData("ceil")]
    [InlineData("floor")]
    [InlineData("trunc")]
    [InlineData("nearest")]
    public void Arithmetic_with_one_operand(string operation) => AssertQuiet($"(SHAPE.{operation} (local.get 0))", "0");

    [Theory]
    [InlineData("madd")]
    [InlineData("nmadd")]
    public void Multiplication_and_addition(string operation)
    {
        AssertQuiet($"(SHAPE.relaxed_{operation} (local.get 0) (v128.const SHAPE) (v128.const SHAPE))", "1");
        AssertQuiet($"(SHAPE.relaxed_{operation} (v128.const SHAPE) (v128.const SHAPE) (local.get 0))", "-0");
    }

    [Fact]
    public void Conversions_make_NaNs_quiet()
    {
        var instance = _guest.Instantiate("""
            (module
              (func (export "promote") (param v128) (result v128) (f64x2.promote_low_f32x4 (local.get 0)))
              (func (export "demote") (param v128) (result v128) (f32x4.demote_f64x2_zero (local.get 0))))
            """);
        var promoted = Call(instance, "promote", Vector128.Create(Signaling32).AsByte()).AsUInt64()[1];
        var demoted = Call(instance, "demote", Vector128.Create(Signaling64).AsByte()).AsUInt32();
        Assert.NotEqual(0u, promoted & Quiet64);
        Assert.NotEqual(0u, demoted[1] & Quiet32);
        Assert.Equal(0u, demoted[2]);
    }

    [Theory]
    [InlineData("neg")]
    [InlineData("abs")]
    public void Changes_of_the_sign_keep_the_other_bits(string operation)
    {
        var instance = _guest.Instantiate($"""
            (module
              (func (export "f32") (param v128) (result v128) (f32x4.{operation} (local.get 0)))
              (func (export "f64") (param v128) (result v128) (f64x2.{operation} (local.get 0))))
            """);
        Assert.Equal(operation == "neg" ? 0xFFA12345 : Signaling32, Call(instance, "f32", Vector128.Create(Signaling32).AsByte()).AsUInt32()[2]);
        Assert.Equal(0x7FF4000000012345u, Call(instance, "f64", Vector128.Create(Signaling64).AsByte()).AsUInt64()[1]);
    }

    [Fact]
    public void Pseudo_minimum_and_maximum_choose_the_first_operand_unless_the_second_is_better()
    {
        var instance = _guest.Instantiate("""
            (module
              (func (export "pmin") (param v128 v128) (result v128) (f32x4.pmin (local.get 0) (local.get 1)))
              (func (export "pmax") (param v128 v128) (result v128) (f32x4.pmax (local.get 0) (local.get 1)))
              (func (export "constant") (param v128) (result v128) (f32x4.pmin (v128.const f32x4 nan:0x212345 nan:0x212345 -0 0) (local.get 0))))
            """);
        var first = Vector128.Create(0x80000000, 0u, Signaling32, 0x3F800000).AsByte();
        var second = Vector128.Create(0u, 0x80000000, 0x3F800000, Signaling32).AsByte();
        Assert.Equal(first, instance.GetFunction<Func<Vector128<byte>, Vector128<byte>, Vector128<byte>>>("pmin")(first, second));
        Assert.Equal(first, instance.GetFunction<Func<Vector128<byte>, Vector128<byte>, Vector128<byte>>>("pmax")(first, second));
        Assert.Equal(Vector128.Create(Signaling32, Signaling32, 0x80000000, 0).AsByte(), Call(instance, "constant", second));
    }

    [Fact]
    public void Constants_keep_their_bits()
    {
        var instance = _guest.Instantiate("""
            (module
              (global $g (mut v128) (v128.const f32x4 nan:0x212345 -nan:0x1 1 -0))
              (func (export "vector") (result v128) (v128.const f32x4 nan:0x212345 -nan:0x1 1 -0))
              (func (export "global") (result v128) (global.get $g))
              (func (export "lane") (result i32) (i32.reinterpret_f32 (f32x4.extract_lane 1 (v128.const f32x4 nan:0x212345 -nan:0x1 1 -0))))
              (func (export "local") (result i32) (local v128)
                (local.set 0 (v128.const f32x4 nan:0x212345 -nan:0x1 1 -0))
                (i32.reinterpret_f32 (f32x4.extract_lane 0 (local.get 0))))
              (func (export "lane64") (result i64) (i64.reinterpret_f64 (f64x2.extract_lane 1 (v128.const f64x2 0 nan:0x4000000000001))))
              (func (export "splat") (result v128) (f32x4.splat (f32.const nan:0x212345)))
              (func (export "replaced") (result v128) (f64x2.replace_lane 1 (v128.const f64x2 1 1) (f64.const -nan:0x4000000012345))))
            """);
        var expected = Vector128.Create(0x7FA12345, 0xFF800001, 0x3F800000, 0x80000000).AsByte();
        Assert.Equal(expected, instance.GetFunction<Func<Vector128<byte>>>("vector")());
        Assert.Equal(expected, instance.GetFunction<Func<Vector128<byte>>>("global")());
        Assert.Equal(0xFF800001, (uint)instance.GetFunction<Func<int>>("lane")());
        Assert.Equal(Signaling32, (uint)instance.GetFunction<Func<int>>("local")());
        Assert.Equal(0x7FF4000000000001, instance.GetFunction<Func<long>>("lane64")());
        Assert.Equal(Vector128.Create(Signaling32).AsByte(), instance.GetFunction<Func<Vector128<byte>>>("splat")());
        Assert.Equal(Signaling64, instance.GetFunction<Func<Vector128<byte>>>("replaced")().AsUInt64()[1]);
    }

    /// <summary>Runs an expression, in which SHAPE stands for a shape and, in a constant, also for its lanes.</summary>
    private void AssertQuiet(string expression, string constant)
    {
        AssertQuiet(expression, "f32x4", string.Join(' ', Enumerable.Repeat(constant, 4)), vector =>
            vector.AsUInt32() is var lanes && Enumerable.Range(0, 4).All(i => float.IsNaN(vector.AsSingle()[i]) && (lanes[i] & Quiet32) != 0));
        AssertQuiet(expression, "f64x2", string.Join(' ', Enumerable.Repeat(constant, 2)), vector =>
            vector.AsUInt64() is var lanes && Enumerable.Range(0, 2).All(i => double.IsNaN(vector.AsDouble()[i]) && (lanes[i] & Quiet64) != 0));
    }

    private void AssertQuiet(string expression, string shape, string constant, Predicate<Vector128<byte>> isQuiet)
    {
        expression = expression.Replace("const SHAPE", $"const {shape} {constant}").Replace("SHAPE", shape);
        var instance = _guest.Instantiate($"""
            (module (func (export "f") (param v128) (result v128) (local $constant v128)
              (local.set $constant (v128.const {shape} {constant}))
              {expression}))
            """);
        var operand = shape == "f32x4" ? Vector128.Create(Signaling32).AsByte() : Vector128.Create(Signaling64).AsByte();
        var result = Call(instance, "f", operand);
        Assert.True(isQuiet(result), $"{expression} gives {result}");
    }

    private static Vector128<byte> Call(Instance instance, string name, Vector128<byte> operand) =>
        instance.GetFunction<Func<Vector128<byte>, Vector128<byte>>>(name)(operand);
}
