namespace Fermata.Python.Sandboxing;

/// <summary>The limits of an interpreter, which remember that memory was refused: Python may have no room left to say so itself.</summary>
internal sealed class SandboxLimiter(long maxMemoryBytes) : ResourceLimiter
{
    /// <summary>Far more than deep recursion and thousands of tasks take.</summary>
    private const long MaxStackBytes = 64 << 20, MaxCalls = 10_000;

    private readonly StoreLimits _limits = new() { MaxMemoryBytes = maxMemoryBytes, MaxStackBytes = MaxStackBytes, MaxCalls = MaxCalls };

    /// <summary>Whether more was wanted than there may be.</summary>
    public bool HasRefused { get; set; }

    public override bool Allows(StoreResource resource, long current, long wanted)
    {
        var allows = _limits.Allows(resource, current, wanted);
        if (!allows)
            HasRefused = true;
        return allows;
    }
}
