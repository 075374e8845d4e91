namespace Fermata.Bench;

/// <summary>The rounds of one engine.</summary>
internal sealed class Series
{
    private readonly List<Measurement> _rounds = [];

    public string Engine { get; private set; } = "";

    public double Median => Quantile(0.5);

    public double Minimum => Quantile(0);

    /// <summary>The median in processor time; 0 where memory is measured.</summary>
    public double Processor => Quantile(0.5, round => round.Processor);

    /// <summary>How noisy it was: the range of the middle half of the rounds, as a part of the median.</summary>
    public double Spread => (Quantile(0.75) - Quantile(0.25)) / Median;

    /// <summary>The median of the managed part, where there is one.</summary>
    public double? Managed => _rounds[0].Managed is null ? null : Quantile(0.5, round => round.Managed!.Value);

    /// <summary>The median of the bytes of C stack that were copied, where there are C stacks.</summary>
    public double? Copied => _rounds[0].Copied is null ? null : Quantile(0.5, round => round.Copied!.Value);

    public async Task MeasureAsync(EngineProcess process)
    {
        Engine = process.Engine;
        _rounds.Add(await process.RoundAsync());
    }

    private double Quantile(double part) => Quantile(part, round => round.Value);

    private double Quantile(double part, Func<Measurement, double> value)
    {
        var sorted = _rounds.Select(value).Order().ToArray();
        var position = part * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
