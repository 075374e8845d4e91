using static Fermata.Runtime.NumericOperations;

namespace Fermata.Tests.Execution;

public class FloatOperationsTests
{
    // Bits, because a signaling NaN does not survive as a constant of C#.
    private const uint CanonicalNaN32 = 0x7FC00000;
    private const uint SignalingNaN32 = 0x7FA00000;
    private const uint QuietNaN32 = 0x7FC12345;
    private const ulong CanonicalNaN64 = 0x7FF8000000000000;
    private const ulong SignalingNaN64 = 0x7FF4000000000000;
    private const ulong QuietNaN64 = 0x7FF8123400000000;
    private const uint Sign32 = 1u << 31;
    private const ulong Sign64 = 1ul << 63;

    private static readonly float[] Numbers =
    [
        0f, -0f, 1f, -1f, 1.25f, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue,
        float.PositiveInfinity, float.NegativeInfinity, 0.5f, 3e-39f,
    ];

    private static readonly uint[] NaNs32 =
        [CanonicalNaN32, CanonicalNaN32 | Sign32, SignalingNaN32, SignalingNaN32 | Sign32, QuietNaN32, 0x7F800001, uint.MaxValue];

    private static readonly ulong[] NaNs64 =
        [CanonicalNaN64, CanonicalNaN64 | Sign64, SignalingNaN64, SignalingNaN64 | Sign64, QuietNaN64, 0x7FF0000000000001, ulong.MaxValue];

    [Theory]
    [InlineData(0u)]
    [InlineData(0x3F800000u)]
    [InlineData(0x7F800000u)]
    [InlineData(CanonicalNaN32)]
    [InlineData(SignalingNaN32)]
    [InlineData(QuietNaN32)]
    public void Sign_operations_on_f32_touch_the_sign_bit_only(uint magnitude)
    {
        float positive = Single(magnitude);
        float negative = Single(magnitude | Sign32);

        Assert.Equal(magnitude, Bits(F32Abs(negative)));
        Assert.Equal(magnitude, Bits(F32Abs(positive)));
        Assert.Equal(magnitude | Sign32, Bits(F32Neg(positive)));
        Assert.Equal(magnitude, Bits(F32Neg(negative)));
        Assert.Equal(magnitude | Sign32, Bits(F32Copysign(positive, Single(SignalingNaN32 | Sign32))));
        Assert.Equal(magnitude, Bits(F32Copysign(negative, 1f)));
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(0x3FF0000000000000ul)]
    [InlineData(0x7FF0000000000000ul)]
    [InlineData(CanonicalNaN64)]
    [InlineData(SignalingNaN64)]
    [InlineData(QuietNaN64)]
    public void Sign_operations_on_f64_touch_the_sign_bit_only(ulong magnitude)
    {
        double positive = Double(magnitude);
        double negative = Double(magnitude | Sign64);

        Assert.Equal(magnitude, Bits(F64Abs(negative)));
        Assert.Equal(magnitude, Bits(F64Abs(positive)));
        Assert.Equal(magnitude | Sign64, Bits(F64Neg(positive)));
        Assert.Equal(magnitude, Bits(F64Neg(negative)));
        Assert.Equal(magnitude | Sign64, Bits(F64Copysign(positive, Double(SignalingNaN64 | Sign64))));
        Assert.Equal(magnitude, Bits(F64Copysign(negative, 1)));
    }

    [Theory]
    [InlineData(0.5, 1, 0, 0, 0)]
    [InlineData(1.5, 2, 1, 1, 2)]
    [InlineData(2.5, 3, 2, 2, 2)]
    [InlineData(-0.5, -0.0, -1, -0.0, -0.0)]
    [InlineData(-1.5, -1, -2, -1, -2)]
    [InlineData(-2.5, -2, -3, -2, -2)]
    [InlineData(-0.0, -0.0, -0.0, -0.0, -0.0)]
    [InlineData(0.25, 1, 0, 0, 0)]
    [InlineData(8388609.0, 8388609.0, 8388609.0, 8388609.0, 8388609.0)]
    [InlineData(-1e10, -1e10, -1e10, -1e10, -1e10)]
    public void Rounding_goes_up_down_to_zero_and_to_even(double a, double ceil, double floor, double trunc, double nearest)
    {
        Assert.Equal(Bits(ceil), Bits(F64Ceil(a)));
        Assert.Equal(Bits(floor), Bits(F64Floor(a)));
        Assert.Equal(Bits(trunc), Bits(F64Trunc(a)));
        Assert.Equal(Bits(nearest), Bits(F64Nearest(a)));
        Assert.Equal(Bits((float)ceil), Bits(F32Ceil((float)a)));
        Assert.Equal(Bits((float)floor), Bits(F32Floor((float)a)));
        Assert.Equal(Bits((float)trunc), Bits(F32Trunc((float)a)));
        Assert.Equal(Bits((float)nearest), Bits(F32Nearest((float)a)));
    }

    [Fact]
    public void The_largest_numbers_with_a_fraction_round_to_even()
    {
        Assert.Equal(4503599627370496.0, F64Nearest(4503599627370495.5));
        Assert.Equal(4503599627370494.0, F64Nearest(4503599627370494.5));
        Assert.Equal(8388608f, F32Nearest(8388607.5f));
        Assert.Equal(0x0ul, Bits(F64Nearest(0.49999999999999994)));
    }

    [Fact]
    public void Square_roots()
    {
        Assert.Equal(3f, F32Sqrt(9f));
        Assert.Equal(Bits(-0f), Bits(F32Sqrt(-0f)));
        Assert.Equal(1.4142135623730951, F64Sqrt(2));
        AssertCanonical(F32Sqrt(-1f));
        AssertCanonical(F64Sqrt(double.NegativeInfinity));
    }

    [Fact]
    public void Minimum_and_maximum_order_all_numbers_and_the_zeros()
    {
        foreach (float a in Numbers)
        {
            foreach (float b in Numbers)
            {
                bool aFirst = a < b || (a == b && float.IsNegative(a));
                var (least, greatest) = aFirst ? (a, b) : (b, a);
                Assert.Equal(Bits(least), Bits(F32Min(a, b)));
                Assert.Equal(Bits(greatest), Bits(F32Max(a, b)));
                Assert.Equal(Bits((double)least), Bits(F64Min(a, b)));
                Assert.Equal(Bits((double)greatest), Bits(F64Max(a, b)));
            }
        }
    }

    [Fact]
    public void Minimum_and_maximum_with_a_NaN_are_quiet_and_canonical_if_the_operands_are()
    {
        foreach (uint bits in NaNs32)
        {
            foreach (float b in Numbers.Concat(NaNs32.Select(Single)))
            {
                float a = Single(bits);
                Assert.All([F32Min(a, b), F32Min(b, a), F32Max(a, b), F32Max(b, a)], result =>
                    AssertPropagated(result, a, b));
            }
        }
        foreach (ulong bits in NaNs64)
        {
            foreach (double b in Numbers.Select(number => (double)number).Concat(NaNs64.Select(Double)))
            {
                double a = Double(bits);
                Assert.All([F64Min(a, b), F64Min(b, a), F64Max(a, b), F64Max(b, a)], result =>
                    AssertPropagated(result, a, b));
            }
        }
    }

    [Fact]
    public void Arithmetic_makes_every_NaN_quiet()
    {
        foreach (uint bits in NaNs32)
        {
            float a = Single(bits);
            Assert.All([F32Ceil(a), F32Floor(a), F32Trunc(a), F32Nearest(a), F32Sqrt(a)], result => AssertPropagated(result, a, a));
            AssertPropagated(F64PromoteF32(a), IsCanonical(a) ? double.NaN : Double(SignalingNaN64), 0);
            AssertPropagated(F32DemoteF64(F64PromoteF32(a)), a, a);
        }
        foreach (ulong bits in NaNs64)
        {
            double a = Double(bits);
            Assert.All([F64Ceil(a), F64Floor(a), F64Trunc(a), F64Nearest(a), F64Sqrt(a)], result => AssertPropagated(result, a, a));
            AssertPropagated(F32DemoteF64(a), IsCanonical(a) ? Single(CanonicalNaN32) : Single(SignalingNaN32), 0);
        }
    }

    [Fact]
    public void A_constant_can_be_a_signaling_NaN_and_can_be_hidden_from_the_compiler()
    {
        Assert.Equal((int)SignalingNaN32, I32ReinterpretF32(F32ReinterpretI32((int)SignalingNaN32)));
        Assert.Equal((long)SignalingNaN64, I64ReinterpretF64(F64ReinterpretI64((long)SignalingNaN64)));
        Assert.Equal(SignalingNaN32 | 1 << 22, Bits(Single(SignalingNaN32) * F32ReinterpretI32(0x3F800000)));
        Assert.Equal(SignalingNaN64 | 1ul << 51, Bits(Double(SignalingNaN64) * F64ReinterpretI64(0x3FF0000000000000)));
    }

    /// <summary>Section 4.3.3 "Floating-Point Operations", NaN propagation.</summary>
    private static void AssertPropagated(float result, float a, float b)
    {
        Assert.True(float.IsNaN(result));
        Assert.True((Bits(result) & 1 << 22) != 0, $"{Bits(a):x} {Bits(b):x} gave the signaling {Bits(result):x}");
        if ((!float.IsNaN(a) || IsCanonical(a)) && (!float.IsNaN(b) || IsCanonical(b)))
            AssertCanonical(result);
    }

    private static void AssertPropagated(double result, double a, double b)
    {
        Assert.True(double.IsNaN(result));
        Assert.True((Bits(result) & 1ul << 51) != 0, $"{Bits(a):x} {Bits(b):x} gave the signaling {Bits(result):x}");
        if ((!double.IsNaN(a) || IsCanonical(a)) && (!double.IsNaN(b) || IsCanonical(b)))
            AssertCanonical(result);
    }

    private static void AssertCanonical(float a) => Assert.Equal(CanonicalNaN32, Bits(a) & ~Sign32);

    private static void AssertCanonical(double a) => Assert.Equal(CanonicalNaN64, Bits(a) & ~Sign64);

    private static bool IsCanonical(float a) => (Bits(a) & ~Sign32) == CanonicalNaN32;

    private static bool IsCanonical(double a) => (Bits(a) & ~Sign64) == CanonicalNaN64;

    private static float Single(uint bits) => F32ReinterpretI32((int)bits);

    private static double Double(ulong bits) => F64ReinterpretI64((long)bits);

    private static uint Bits(float a) => BitConverter.SingleToUInt32Bits(a);

    private static ulong Bits(double a) => BitConverter.DoubleToUInt64Bits(a);
}
