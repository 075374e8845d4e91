using System.Runtime.Intrinsics;

namespace Fermata.Tests.Execution;

public class ValueTests
{
    private static readonly Vector128<byte> Vector = Vector128.Create(1ul, 2ul).AsByte();

    [Fact]
    public void A_value_gives_back_what_it_was_made_of()
    {
        object host = new();

        Assert.Equal(-1, Value.FromI32(-1).AsI32());
        Assert.Equal(long.MinValue, Value.FromI64(long.MinValue).AsI64());
        Assert.Equal(1.5f, Value.FromF32(1.5f).AsF32());
        Assert.Equal(-0.1, Value.FromF64(-0.1).AsF64());
        Assert.Equal(Vector, Value.FromV128(Vector).AsV128());
        Assert.Same(host, Value.FromRef(host, ValType.ExternRef).AsRef());
        Assert.Null(Value.NullRef(ValType.FuncRef).AsRef());
        Assert.Equal(Value.FromRef(host, ValType.ExternRef), Value.FromExternRef(host));
        Assert.Equal(Value.NullRef(ValType.FuncRef), Value.FromFuncRef(null));
    }

    [Fact]
    public void Numbers_convert_implicitly_to_the_type_of_their_width()
    {
        Value[] values = [1, 1L, 1f, 1d];

        Assert.Equal([ValType.I32, ValType.I64, ValType.F32, ValType.F64], values.Select(value => value.Type));
    }

    [Fact]
    public void Reading_another_type_names_the_actual_one()
    {
        AssertRefused("the value is not of type i32 but i64:7", () => Value.FromI64(7).AsI32());
        AssertRefused("the value is not of type i64 but i32:7", () => Value.FromI32(7).AsI64());
        AssertRefused("the value is not of type f64 but f32:1", () => Value.FromF32(1).AsF64());
        AssertRefused("the value is not of type f32 but f64:1", () => Value.FromF64(1).AsF32());
        AssertRefused("the value is not of type v128 but funcref:null", () => Value.NullRef(ValType.FuncRef).AsV128());
        AssertRefused("the value is not a reference but i32:7", () => Value.FromI32(7).AsRef());
        AssertRefused("the value is not of type i32: it has no type", () => default(Value).AsI32());

        static void AssertRefused(string message, Func<object?> read) =>
            Assert.Equal(message, Assert.Throws<InvalidOperationException>(read).Message);
    }

    [Fact]
    public void A_value_is_read_as_a_dotnet_type()
    {
        Assert.Equal(-1, Value.FromI32(-1).As<int>());
        Assert.Equal(uint.MaxValue, Value.FromI32(-1).As<uint>());
        Assert.Equal(-1L, Value.FromI64(-1).As<long>());
        Assert.Equal(ulong.MaxValue, Value.FromI64(-1).As<ulong>());
        Assert.Equal(1.5f, Value.FromF32(1.5f).As<float>());
        Assert.Equal(-0.1, Value.FromF64(-0.1).As<double>());
        Assert.Equal(Vector, Value.FromV128(Vector).As<Vector128<byte>>());
        Assert.Equal("x", Value.FromRef("x", ValType.ExternRef).As<string>());
        Assert.Null(Value.NullRef(ValType.FuncRef).As<Function>());
    }

    [Fact]
    public void Values_are_equal_if_types_and_bits_are()
    {
        Assert.Equal(Value.FromF64(double.NaN), Value.FromF64(double.NaN));
        Assert.NotEqual(Value.FromF64(0.0), Value.FromF64(-0.0));
        Assert.NotEqual(Value.FromI32(0), Value.FromF32(0));
        Assert.NotEqual(Value.FromI32(0), Value.FromI64(0));
        Assert.Equal(Value.FromV128(Vector), Value.FromV128(Vector));
        Assert.NotEqual(Value.FromV128(Vector), Value.FromV128(default));
        Assert.True(Value.FromI32(3) == 3);
        Assert.True(Value.FromI32(3) != 4);
        Assert.Equal(Value.FromI32(3).GetHashCode(), Value.FromI32(3).GetHashCode());
    }

    [Fact]
    public void References_are_equal_if_they_are_the_same_object()
    {
        string text = new('x', 3);
        string other = new('x', 3);

        Assert.Equal(Value.FromRef(text, ValType.ExternRef), Value.FromRef(text, ValType.ExternRef));
        Assert.NotEqual(Value.FromRef(text, ValType.ExternRef), Value.FromRef(other, ValType.ExternRef));
    }

    [Fact]
    public void A_reference_must_have_its_type()
    {
        Assert.Throws<ArgumentException>(() => Value.FromRef(null, ValType.I32));
        Assert.Throws<ArgumentException>(() => Value.FromRef("no function", ValType.FuncRef));
        Assert.Throws<ArgumentException>(() => Value.NullRef(ValType.Ref(false, HeapType.Extern)));
    }

    [Fact]
    public void The_text_shows_type_and_value()
    {
        Assert.Equal("i32:-1", Value.FromI32(-1).ToString());
        Assert.Equal("f64:0.1", Value.FromF64(0.1).ToString());
        Assert.Equal("f64:-0", Value.FromF64(-0.0).ToString());
        Assert.Equal("f32:-inf", Value.FromF32(float.NegativeInfinity).ToString());
        Assert.Equal("f32:nan", Value.FromF32(BitConverter.UInt32BitsToSingle(0x7FC00000)).ToString());
        Assert.Equal("f64:-nan:0x8000000000001", Value.FromF64(BitConverter.UInt64BitsToDouble(0xFFF8000000000001)).ToString());
        Assert.Equal("v128:0x00000000000000020000000000000001", Value.FromV128(Vector).ToString());
        Assert.Equal("externref:String", Value.FromRef("secret", ValType.ExternRef).ToString());
    }
}
