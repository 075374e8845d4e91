namespace Fermata.Runtime;

/// <summary>What <c>memory.atomic.wait</c> returns, and one more.</summary>
internal enum WaitResult
{
    /// <summary>Woken by <c>memory.atomic.notify</c>.</summary>
    Ok = 0,

    /// <summary>The value in memory is not the expected one.</summary>
    NotEqual = 1,

    TimedOut = 2,

    /// <summary>The store was disposed; code does not see it.</summary>
    Disposed,
}
