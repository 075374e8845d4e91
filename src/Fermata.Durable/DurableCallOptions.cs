namespace Fermata.Durable;

/// <summary>How a durable call is started.</summary>
public sealed record class DurableCallOptions
{
    internal static DurableCallOptions Default { get; } = new();

    /// <summary>The store in which it runs, with others perhaps, and which is kept when it has ended; it is made if it is not there. Default: null, one of its own that goes with it.</summary>
    public string? Store { get; init; }

    /// <summary>When the call is ended if it has not ended by then. Default: never.</summary>
    public DateTimeOffset? Deadline { get; init; }
}
