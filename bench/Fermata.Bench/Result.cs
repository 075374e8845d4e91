namespace Fermata.Bench;

/// <summary>What one engine needs for a benchmark.</summary>
/// <param name="Value">The value in time on the clock, or in memory, or as a rate.</param>
/// <param name="Processor">The same in processor time; null where no times are measured.</param>
internal sealed record Result(Summary Value, Summary? Processor)
{
    /// <summary>The managed part, where memory is measured.</summary>
    public double? Managed { get; init; }

    /// <summary>The bytes of C stack that were copied, where there are C stacks.</summary>
    public double? Copied { get; init; }

    /// <summary>The most resident memory, where starts are measured.</summary>
    public Summary? Peak { get; init; }

    /// <summary>Of some rounds.</summary>
    public static Result Of(IReadOnlyCollection<Measurement> rounds, Measure measure) => new(
        Summary.Of(rounds.Select(round => round.Value)),
        measure is Measure.Memory or Measure.Rate ? null : Of(rounds, round => round.Processor))
    {
        Managed = Of(rounds, round => round.Managed)?.Median,
        Copied = Of(rounds, round => round.Copied)?.Median,
        Peak = Of(rounds, round => round.Peak),
    };

    /// <summary>The value in a measure.</summary>
    public Summary In(Measure measure) => measure == Measure.Processor ? Processor! : Value;

    private static Summary? Of(IReadOnlyCollection<Measurement> rounds, Func<Measurement, double?> value) =>
        rounds.All(round => value(round) is not null) ? Summary.Of(rounds.Select(round => value(round)!.Value)) : null;
}
