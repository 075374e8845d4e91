namespace Fermata;

/// <summary>Fixed limits for each store that has them.</summary>
public sealed class StoreLimits : ResourceLimiter
{
    /// <summary>The most bytes that all memories may have together. Default: no limit.</summary>
    public long MaxMemoryBytes { get; init; } = long.MaxValue;

    /// <summary>The most elements that all tables may have together. Default: no limit.</summary>
    public long MaxTableElements { get; init; } = long.MaxValue;

    /// <summary>The most instances. Default: no limit.</summary>
    public long MaxInstances { get; init; } = long.MaxValue;

    /// <summary>
    /// The most memories. Default: 1,000, which is also what a store without a limiter may have: a process can have 16,384, which reserve up to 64 TiB of its
    /// address space, and one store should leave some to others.
    /// </summary>
    public long MaxMemories { get; init; } = 1_000;

    /// <summary>The most tables. Default: no limit.</summary>
    public long MaxTables { get; init; } = long.MaxValue;

    /// <summary>The most promising calls at a time. Default: no limit.</summary>
    public long MaxCalls { get; init; } = long.MaxValue;

    /// <summary>
    /// The most bytes that the stacks of all calls may take on the heap together: their frames, and copies of their parts of C stacks
    /// (<see cref="StoreResource.StackBytes"/>). How much the frames of one call may take says <see cref="EngineOptions.MaxStackBytes"/>. Default: 256 MiB.
    /// </summary>
    public long MaxStackBytes { get; init; } = 256L << 20;

    /// <summary>
    /// The most bytes that structures, arrays and exceptions which code has made, and which still live, may have together. Default: no limit. Which ones live is
    /// estimated, so that there may be some 10 % more; beyond it the code that makes one traps with <see cref="TrapKind.OutOfMemory"/>.
    /// </summary>
    public long MaxObjectBytes { get; init; } = long.MaxValue;

    /// <inheritdoc/>
    public override bool Allows(StoreResource resource, long current, long wanted) => wanted <= resource switch
    {
        StoreResource.MemoryBytes => MaxMemoryBytes,
        StoreResource.TableElements => MaxTableElements,
        StoreResource.Instances => MaxInstances,
        StoreResource.Memories => MaxMemories,
        StoreResource.Tables => MaxTables,
        StoreResource.StackBytes => MaxStackBytes,
        StoreResource.ObjectBytes => MaxObjectBytes,
        _ => MaxCalls,
    };
}
