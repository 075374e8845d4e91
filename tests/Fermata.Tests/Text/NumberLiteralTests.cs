using System.Text;
using Fermata.Text;

namespace Fermata.Tests.Text;

public class NumberLiteralTests
{
    [Theory]
    [InlineData("0", 32, 0UL)]
    [InlineData("0xffff_ffff", 32, ulong.MaxValue)]
    [InlineData("4294967295", 32, ulong.MaxValue)]
    [InlineData("2147483648", 32, 0xFFFF_FFFF_8000_0000UL)]
    [InlineData("-2147483648", 32, 0xFFFF_FFFF_8000_0000UL)]
    [InlineData("+7", 32, 7UL)]
    [InlineData("-1", 8, ulong.MaxValue)]
    [InlineData("255", 8, ulong.MaxValue)]
    [InlineData("18446744073709551615", 64, ulong.MaxValue)]
    [InlineData("-0x8000000000000000", 64, 0x8000_0000_0000_0000UL)]
    public void Integers_have_the_whole_width(string text, int width, ulong expected) =>
        Assert.Equal(expected, IntegerLiteral.Read(Bytes(text), width));

    [Theory]
    [InlineData("4294967296", 32)]
    [InlineData("-2147483649", 32)]
    [InlineData("256", 8)]
    [InlineData("-129", 8)]
    [InlineData("18446744073709551616", 64)]
    [InlineData("-9223372036854775809", 64)]
    [InlineData("0x1_0000_0000_0000_0000_0000", 64)]
    public void Integers_beyond_the_width_are_out_of_range(string text, int width) => Assert.Null(IntegerLiteral.Read(Bytes(text), width));

    [Theory]
    [InlineData("0x1p0", 0x3F800000U)]
    [InlineData("-0x0p9", 0x80000000U)]
    [InlineData("0x1.fffffep127", 0x7F7FFFFFU)]
    [InlineData("0x1.fffffefffffffffffffp127", 0x7F7FFFFFU)]
    [InlineData("0x1p-149", 1U)]
    [InlineData("0x1p-150", 0U)]
    [InlineData("0x1.0000000000000000000000000001p-150", 1U)]
    [InlineData("0x3p-150", 2U)]
    [InlineData("0x1.000001p0", 0x3F800000U)]
    [InlineData("0x1.000003p0", 0x3F800002U)]
    [InlineData("0x1.00000100000000000000000000000001p0", 0x3F800001U)]
    [InlineData("0x0.ffffffp-126", 0x00800000U)]
    [InlineData("0x0.00000000000000000000000000000000000001p152", 0x3F800000U)]
    [InlineData("1", 0x3F800000U)]
    [InlineData("1_6.7_77_216e+6", 0x4B800000U)]
    [InlineData("16777217", 0x4B800000U)]
    [InlineData("16777217.00000000000000000000000000000000000001", 0x4B800001U)]
    [InlineData("1e-99999999999999999999", 0U)]
    [InlineData("inf", 0x7F800000U)]
    [InlineData("-nan", 0xFFC00000U)]
    [InlineData("nan:0x1", 0x7F800001U)]
    [InlineData("+nan:0x7f_ffff", 0x7FFFFFFFU)]
    public void F32_literals_round_to_the_nearest(string text, uint expected) => Assert.Equal(expected, FloatLiteral.ReadF32(Bytes(text)));

    [Theory]
    [InlineData("0x1.8p1", 0x4008000000000000UL)]
    [InlineData("0x1.fffffffffffff7p1023", 0x7FEFFFFFFFFFFFFFUL)]
    [InlineData("0x1p-1074", 1UL)]
    [InlineData("0x1p-1075", 0UL)]
    [InlineData("0x10000000000000.8p0", 0x4330000000000000UL)]
    [InlineData("0x10000000000001.8p0", 0x4330000000000002UL)]
    [InlineData("0x10000000000000.80000000001p0", 0x4330000000000001UL)]
    [InlineData("0x1p-99999999999999999999", 0UL)]
    [InlineData("9007199254740993", 0x4340000000000000UL)]
    [InlineData("9007199254740993.0000000000000000000000000000001", 0x4340000000000001UL)]
    [InlineData("2.2250738585072011e-308", 0x000FFFFFFFFFFFFFUL)]
    [InlineData("-nan:0x8000000000001", 0xFFF8000000000001UL)]
    public void F64_literals_round_to_the_nearest(string text, ulong expected) => Assert.Equal(expected, FloatLiteral.ReadF64(Bytes(text)));

    [Theory]
    [InlineData("0x1p128")]
    [InlineData("0x1.ffffffp127")]
    [InlineData("-1e39")]
    [InlineData("340282356779733661637539395458142568448")]
    [InlineData("nan:0x0")]
    [InlineData("nan:0x800000")]
    [InlineData("1e99999999999999999999")]
    public void F32_literals_that_would_be_infinite_are_out_of_range(string text) => Assert.Null(FloatLiteral.ReadF32(Bytes(text)));

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
