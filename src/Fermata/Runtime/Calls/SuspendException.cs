namespace Fermata;

/// <summary>A WebAssembly call had to wait where it cannot be suspended.</summary>
/// <remarks>
/// It is raised before the suspending import is called: when no promising call is active, or when a host function
/// stands between that call and the import. It is what JavaScript Promise Integration calls a SuspendError.
/// WebAssembly code may catch it as it catches any exception of the host.
/// </remarks>
public sealed class SuspendException : Exception
{
    internal SuspendException(string message, string? hostFunction = null)
        : base(message) => HostFunction = hostFunction;

    /// <summary>The host function that stands in between and cannot be suspended; null where there is none.</summary>
    public string? HostFunction { get; }
}
