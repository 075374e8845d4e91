namespace Fermata.Fuzz.Soak;

/// <summary>How the calls of a run are ended.</summary>
internal enum Ending
{
    /// <summary>Their token is cancelled, by another thread.</summary>
    Cancel,

    /// <summary>Their token is cancelled by its own timer.</summary>
    Deadline,

    /// <summary>Their token is cancelled by a host function that they call; by another thread if they call none.</summary>
    CancelInside,

    /// <summary>The store is disposed.</summary>
    Dispose,

    /// <summary>The store is disposed without holding a thread.</summary>
    DisposeAsync,

    /// <summary>Both: the token is cancelled and the store disposed at the same time.</summary>
    CancelAndDispose,
}
