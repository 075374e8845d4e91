using System.Numerics;
using static Fermata.Runtime.NumericOperations;

namespace Fermata.Tests.Execution;

public class ConversionOperationsTests
{
    private static readonly double[] Operands =
    [
        0, -0.0, 0.9, -0.9, 1, -1, -1.1, 1.9, double.Epsilon, -double.Epsilon, 1e10, -1e10, 1e300, -1e300,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN,
        .. AroundPowersOfTwo(7), .. AroundPowersOfTwo(31), .. AroundPowersOfTwo(32),
        .. AroundPowersOfTwo(53), .. AroundPowersOfTwo(63), .. AroundPowersOfTwo(64),
    ];

    [Fact]
    public void Truncations_of_an_f64_trap_or_drop_the_fraction()
    {
        foreach (double a in Operands)
        {
            AssertTruncates(a, int.MinValue, int.MaxValue, () => I32TruncF64S(a), I32TruncSatF64S(a));
            AssertTruncates(a, uint.MinValue, uint.MaxValue, () => (uint)I32TruncF64U(a), (uint)I32TruncSatF64U(a));
            AssertTruncates(a, long.MinValue, long.MaxValue, () => I64TruncF64S(a), I64TruncSatF64S(a));
            AssertTruncates(a, ulong.MinValue, ulong.MaxValue, () => (ulong)I64TruncF64U(a), (ulong)I64TruncSatF64U(a));
        }
    }

    [Fact]
    public void Truncations_of_an_f32_trap_or_drop_the_fraction()
    {
        var operands = Operands.Select(a => (float)a).SelectMany(a => new[] { a, MathF.BitIncrement(a), MathF.BitDecrement(a) });
        foreach (float a in operands)
        {
            AssertTruncates(a, int.MinValue, int.MaxValue, () => I32TruncF32S(a), I32TruncSatF32S(a));
            AssertTruncates(a, uint.MinValue, uint.MaxValue, () => (uint)I32TruncF32U(a), (uint)I32TruncSatF32U(a));
            AssertTruncates(a, long.MinValue, long.MaxValue, () => I64TruncF32S(a), I64TruncSatF32S(a));
            AssertTruncates(a, ulong.MinValue, ulong.MaxValue, () => (ulong)I64TruncF32U(a), (ulong)I64TruncSatF32U(a));
        }
    }

    [Theory]
    [InlineData(16777217, 16777216f)]
    [InlineData(16777219, 16777220f)]
    [InlineData(int.MinValue, -2147483648f)]
    public void Signed_integers_become_the_nearest_f32(int a, float expected)
    {
        Assert.Equal(expected, F32ConvertI32S(a));
        Assert.Equal(expected, F32ConvertI64S(a));
    }

    [Fact]
    public void Integers_become_the_nearest_floating_point_number_ties_to_even()
    {
        foreach (ulong a in IntegersHardToRound())
        {
            Assert.Equal(Round(a, 24), new BigInteger(F32ConvertI64U((long)a)));
            Assert.Equal(Round(a, 53), new BigInteger(F64ConvertI64U((long)a)));
            Assert.Equal(Round((uint)a, 24), new BigInteger(F32ConvertI32U((int)a)));
            Assert.Equal((uint)a, F64ConvertI32U((int)a));
            Assert.Equal((int)a, F64ConvertI32S((int)a));

            long signed = (long)a;
            var (sign, magnitude) = signed < 0 ? (-1, 0ul - a) : (1, a);
            Assert.Equal(sign * Round(magnitude, 24), new BigInteger(F32ConvertI64S(signed)));
            Assert.Equal(sign * Round(magnitude, 53), new BigInteger(F64ConvertI64S(signed)));
        }
    }

    [Fact]
    public void Demotion_rounds_to_even_and_overflows_to_infinity()
    {
        Assert.Equal(1f, F32DemoteF64(1 + Math.Pow(2, -24)));
        Assert.Equal(1f + MathF.Pow(2, -23), F32DemoteF64(Math.BitIncrement(1 + Math.Pow(2, -24))));
        Assert.Equal(float.PositiveInfinity, F32DemoteF64(1e39));
        Assert.True(float.IsNegative(F32DemoteF64(-1e-300)));
        Assert.Equal(float.Epsilon, (float)F64PromoteF32(float.Epsilon));
    }

    [Fact]
    public void Reinterpretation_keeps_the_bits()
    {
        Assert.Equal(0x3F800000, I32ReinterpretF32(1f));
        Assert.Equal(0x3FF0000000000000, I64ReinterpretF64(1));
        Assert.Equal(1f, F32ReinterpretI32(0x3F800000));
        Assert.Equal(1, F64ReinterpretI64(0x3FF0000000000000));
    }

    private static void AssertTruncates(double a, BigInteger min, BigInteger max, Func<BigInteger> truncate, BigInteger saturated)
    {
        if (double.IsNaN(a))
        {
            Assert.Equal(TrapKind.InvalidConversionToInteger, Assert.Throws<ArithmeticTrapException>(() => truncate()).Kind);
            Assert.Equal(0, saturated);
            return;
        }

        bool fits = !double.IsInfinity(a) && new BigInteger(a) is var integer && integer >= min && integer <= max;
        if (fits)
        {
            Assert.Equal(new BigInteger(a), truncate());
            Assert.Equal(new BigInteger(a), saturated);
        }
        else
        {
            Assert.Equal(TrapKind.IntegerOverflow, Assert.Throws<ArithmeticTrapException>(() => truncate()).Kind);
            Assert.Equal(a < 0 ? min : max, saturated);
        }
    }

    private static double[] AroundPowersOfTwo(int exponent)
    {
        double power = Math.Pow(2, exponent);
        double[] positive =
        [
            power, power - 1, power + 1, power - 0.5, power + 0.5, Math.BitIncrement(power), Math.BitDecrement(power),
            Math.BitIncrement(power + 1), Math.BitDecrement(power + 1), MathF.BitDecrement((float)power),
        ];
        return [.. positive, .. positive.Select(a => -a)];
    }

    /// <summary>A bit at every place, with nothing, a half, or a little more or less than a half after the precision.</summary>
    private static IEnumerable<ulong> IntegersHardToRound()
    {
        yield return 0;
        yield return ulong.MaxValue;
        for (int bit = 0; bit < 64; bit++)
        {
            ulong power = 1ul << bit;
            foreach (int precision in (int[])[24, 53])
            {
                ulong half = bit >= precision ? power >> precision : 0;
                foreach (ulong odd in (ulong[])[0, half * 2])
                {
                    foreach (ulong tail in (ulong[])[0, 1, half, half + 1, half - 1])
                        yield return power + odd + tail;
                }
            }
        }
        var random = new Random(1);
        for (int i = 0; i < 1000; i++)
            yield return (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
    }

    /// <summary>Round to nearest, ties to even, in integers.</summary>
    private static BigInteger Round(ulong a, int precision)
    {
        int excess = 64 - BitOperations.LeadingZeroCount(a) - precision;
        if (excess <= 0)
            return a;
        BigInteger unit = BigInteger.One << excess;
        var (quotient, remainder) = BigInteger.DivRem(a, unit);
        int comparison = (remainder * 2).CompareTo(unit);
        if (comparison > 0 || (comparison == 0 && !quotient.IsEven))
            quotient++;
        return quotient * unit;
    }
}
