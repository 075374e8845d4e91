using System.Runtime.Intrinsics;

namespace Fermata.Tests.Execution;

public class ValueParsingTests
{
    public static TheoryData<string, ValType, Value> Values => new()
    {
        { "-1", ValType.I32, -1 },
        { "0xffff_ffff", ValType.I32, -1 },
        { "4294967295", ValType.I32, -1 },
        { "-9223372036854775808", ValType.I64, long.MinValue },
        { "1.5", ValType.F32, 1.5f },
        { "3", ValType.F64, 3.0 },
        { "-inf", ValType.F64, double.NegativeInfinity },
        { "0x1p-3", ValType.F64, 0.125 },
        { "0x0000000000000002000000000000000f", ValType.V128, Value.FromV128(Vector128.Create(15UL, 2UL).AsByte()) },
        { "null", ValType.FuncRef, Value.NullRef(ValType.FuncRef) },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void A_value_is_read_as_the_text_format_writes_it(string text, ValType type, Value expected)
    {
        Assert.True(Value.TryParse(text, type, out var value));
        Assert.Equal(expected, value);
        Assert.Equal(type, value.Type);
    }

    [Fact]
    public void A_signaling_nan_stays_one()
    {
        Assert.True(Value.TryParse("nan:0x200000", ValType.F32, out var value));
        Assert.Equal("f32:nan:0x200000", value.ToString());
    }

    [Theory]
    [InlineData("", "i32")]
    [InlineData("1.5", "i32")]
    [InlineData("4294967296", "i32")]
    [InlineData(" 1", "i32")]
    [InlineData("one", "f64")]
    [InlineData("null", "i64")]
    [InlineData("0", "funcref")]
    [InlineData("0x12", "v128")]
    public void What_is_no_value_of_the_type_is_none(string text, string type)
    {
        var types = new[] { ValType.I32, ValType.I64, ValType.F64, ValType.V128, ValType.FuncRef };
        Assert.False(Value.TryParse(text, types.Single(candidate => candidate.ToString() == type), out var value));
        Assert.Equal(default, value);
        Assert.False(Value.TryParse("null", ValType.Ref(nullable: false, HeapType.Func), out _));
    }
}
