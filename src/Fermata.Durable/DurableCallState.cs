namespace Fermata.Durable;

/// <summary>How far a durable call is.</summary>
public enum DurableCallState
{
    /// <summary>It has not ended: it runs, waits, or is to start.</summary>
    Running,

    /// <summary>It has results.</summary>
    Completed,

    /// <summary>It has failed: a trap, or an exception that nothing caught.</summary>
    Failed,

    /// <summary>It was cancelled, or its deadline has passed.</summary>
    Cancelled,
}
