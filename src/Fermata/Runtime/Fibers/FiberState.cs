namespace Fermata;

/// <summary>What a promising call does.</summary>
public enum FiberState
{
    /// <summary>It waits for the turn of its store, to start or to go on.</summary>
    Queued,

    /// <summary>It waits for a task, a shared memory or fuel.</summary>
    Suspended,

    /// <summary>It runs, or a host function does that it called.</summary>
    Running,
}
