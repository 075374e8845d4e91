namespace Fermata.Bench.Tests;

public class SummaryTests
{
    [Fact]
    public void The_spread_is_the_range_of_the_middle_half_as_a_part_of_the_median() =>
        Assert.Equal(new Summary(30, 10, 2.0 / 3), Summary.Of([50, 10, 40, 20, 30]));

    [Fact]
    public void Between_two_values_the_median_is_their_mean() => Assert.Equal(15, Summary.Of([20, 10]).Median);

    [Fact]
    public void A_geometric_mean_is_that_of_the_medians()
    {
        var mean = Summary.GeometricMean([new Summary(2, 1, 0.1), new Summary(8, 4, 0.3)]);

        Assert.Equal(4, mean.Median, 9);
        Assert.Equal(2, mean.Least, 9);
        Assert.Equal(0.2, mean.Spread, 9);
    }
}
