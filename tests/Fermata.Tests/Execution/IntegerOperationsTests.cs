using System.Reflection;
using Fermata.Runtime;
using Fermata.Structure;
using static Fermata.Runtime.NumericOperations;

namespace Fermata.Tests.Execution;

public class IntegerOperationsTests
{
    [Fact]
    public void Every_operation_is_named_and_typed_as_its_instruction()
    {
        var methods = typeof(NumericOperations).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);
        Assert.NotEmpty(methods);
        Assert.All(methods, method =>
        {
            Assert.True(Enum.TryParse<Opcode>(method.Name, out _), method.Name);
            Assert.Equal(TypeOf(method.Name[..3]), method.ReturnType);
            string operand = method.GetParameters() is [_] && SourceOf(method.Name) is { } source ? source : method.Name[..3];
            Assert.All(method.GetParameters(), parameter => Assert.Equal(TypeOf(operand), parameter.ParameterType));
        });
    }

    [Theory]
    [InlineData(0, 32, 32, 0)]
    [InlineData(1, 31, 0, 1)]
    [InlineData(-1, 0, 0, 32)]
    [InlineData(int.MinValue, 0, 31, 1)]
    [InlineData(0x00F0, 24, 4, 4)]
    public void Bits_of_an_i32_are_counted(int a, int clz, int ctz, int popcnt)
    {
        Assert.Equal(clz, I32Clz(a));
        Assert.Equal(ctz, I32Ctz(a));
        Assert.Equal(popcnt, I32Popcnt(a));
    }

    [Theory]
    [InlineData(0, 64, 64, 0)]
    [InlineData(1, 63, 0, 1)]
    [InlineData(-1, 0, 0, 64)]
    [InlineData(long.MinValue, 0, 63, 1)]
    [InlineData(0xF0_0000_0000, 24, 36, 4)]
    public void Bits_of_an_i64_are_counted(long a, long clz, long ctz, long popcnt)
    {
        Assert.Equal(clz, I64Clz(a));
        Assert.Equal(ctz, I64Ctz(a));
        Assert.Equal(popcnt, I64Popcnt(a));
    }

    [Fact]
    public void The_distance_of_a_shift_is_taken_modulo_the_width()
    {
        Assert.Equal(2, I32Shl(1, 33));
        Assert.Equal(-1, I32ShrS(int.MinValue, 31 + 32));
        Assert.Equal(1, I32ShrU(int.MinValue, -1));
        Assert.Equal(2, I64Shl(1, 65));
        Assert.Equal(-1, I64ShrS(long.MinValue, 63 + 64));
        Assert.Equal(1, I64ShrU(long.MinValue, -1));
        Assert.Equal(1L << 32, I64Shl(1, 0x1_0000_0020));
    }

    [Fact]
    public void Rotations_go_round()
    {
        Assert.Equal(0x23456781, I32Rotl(0x12345678, 4));
        Assert.Equal(0x23456781, I32Rotl(0x12345678, 36));
        Assert.Equal(unchecked((int)0x81234567), I32Rotr(0x12345678, 4));
        Assert.Equal(1, I32Rotl(1, 0));
        Assert.Equal(2, I32Rotr(1, -1));
        Assert.Equal(0x23456789ABCDEF01, I64Rotl(0x123456789ABCDEF0, 4));
        Assert.Equal(0x0123456789ABCDEF, I64Rotr(0x123456789ABCDEF0, 68));
    }

    [Theory]
    [InlineData(7, 2, 3, 1)]
    [InlineData(-7, 2, -3, -1)]
    [InlineData(7, -2, -3, 1)]
    [InlineData(-7, -2, 3, -1)]
    [InlineData(5, -1, -5, 0)]
    [InlineData(0, -1, 0, 0)]
    [InlineData(int.MinValue, 1, int.MinValue, 0)]
    [InlineData(int.MinValue, 2, -0x40000000, 0)]
    [InlineData(int.MaxValue, -1, -int.MaxValue, 0)]
    [InlineData(1, int.MinValue, 0, 1)]
    public void Signed_division_truncates(int a, int b, int quotient, int remainder)
    {
        Assert.Equal(quotient, I32DivS(a, b));
        Assert.Equal(remainder, I32RemS(a, b));
        Assert.Equal(quotient, I64DivS(a, b));
        Assert.Equal(remainder, I64RemS(a, b));
    }

    [Fact]
    public void Unsigned_division_takes_both_operands_as_unsigned()
    {
        Assert.Equal(int.MaxValue, I32DivU(-1, 2));
        Assert.Equal(0, I32DivU(int.MinValue, -1));
        Assert.Equal(1, I32DivU(-1, -1));
        Assert.Equal(int.MinValue, I32RemU(int.MinValue, -1));
        Assert.Equal(5, I32RemU(-1, 10));
        Assert.Equal(long.MaxValue, I64DivU(-1, 2));
        Assert.Equal(0, I64DivU(long.MinValue, -1));
        Assert.Equal(long.MinValue, I64RemU(long.MinValue, -1));
        Assert.Equal(5, I64RemU(-1, 10));
    }

    [Fact]
    public void The_smallest_number_by_minus_one_overflows_as_quotient_and_has_no_remainder()
    {
        AssertTraps(TrapKind.IntegerOverflow, () => I32DivS(int.MinValue, -1));
        AssertTraps(TrapKind.IntegerOverflow, () => I64DivS(long.MinValue, -1));
        Assert.Equal(0, I32RemS(int.MinValue, -1));
        Assert.Equal(0, I64RemS(long.MinValue, -1));
        Assert.Equal(int.MinValue / -1L, I64DivS(int.MinValue, -1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(int.MinValue)]
    public void Division_by_zero_traps(int a)
    {
        AssertTraps(TrapKind.IntegerDivideByZero, () => I32DivS(a, 0));
        AssertTraps(TrapKind.IntegerDivideByZero, () => I32DivU(a, 0));
        AssertTraps(TrapKind.IntegerDivideByZero, () => I32RemS(a, 0));
        AssertTraps(TrapKind.IntegerDivideByZero, () => I32RemU(a, 0));
        AssertTraps(TrapKind.IntegerDivideByZero, () => I64DivS(a, 0));
        AssertTraps(TrapKind.IntegerDivideByZero, () => I64DivU(a, 0));
        AssertTraps(TrapKind.IntegerDivideByZero, () => I64RemS(a, 0));
        AssertTraps(TrapKind.IntegerDivideByZero, () => I64RemU(a, 0));
    }

    private static void AssertTraps(TrapKind kind, Func<object> operation) =>
        Assert.Equal(kind, Assert.Throws<ArithmeticTrapException>(operation).Kind);

    private static Type TypeOf(string prefix) => prefix switch
    {
        "I32" => typeof(int),
        "I64" => typeof(long),
        "F32" => typeof(float),
        _ => typeof(double),
    };

    /// <summary>The operand's type in a name such as I32TruncSatF64U.</summary>
    private static string? SourceOf(string name) =>
        System.Text.RegularExpressions.Regex.Match(name[3..], "[IF](32|64)") is { Success: true, Value: var source } ? source : null;
}
