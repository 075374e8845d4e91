namespace Fermata.Bench;

/// <summary>What the rounds of one engine come to, in one measure.</summary>
/// <param name="Median">The median.</param>
/// <param name="Least">The least.</param>
/// <param name="Spread">How noisy it was: the range of the middle half of the rounds, as a part of the median.</param>
internal sealed record Summary(double Median, double Least, double Spread)
{
    /// <summary>Of the values of some rounds.</summary>
    public static Summary Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var median = Quantile(sorted, 0.5);
        return new Summary(median, sorted[0], median == 0 ? 0 : (Quantile(sorted, 0.75) - Quantile(sorted, 0.25)) / median);
    }

    /// <summary>The geometric mean of each figure but the spread, whose median it is.</summary>
    public static Summary GeometricMean(IReadOnlyCollection<Summary> summaries) => new(
        GeometricMean(summaries.Select(summary => summary.Median)),
        GeometricMean(summaries.Select(summary => summary.Least)),
        Quantile([.. summaries.Select(summary => summary.Spread).Order()], 0.5));

    private static double GeometricMean(IEnumerable<double> values) => Math.Exp(values.Average(Math.Log));

    private static double Quantile(double[] sorted, double part)
    {
        var position = part * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
