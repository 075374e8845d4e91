namespace Fermata;

/// <summary>What a <see cref="ResourceLimiter"/> can limit in a store.</summary>
public enum StoreResource
{
    /// <summary>The bytes of all memories together. Those of a shared memory count for the store whose module declares it or whose code grows it.</summary>
    MemoryBytes,

    /// <summary>The elements of all tables together.</summary>
    TableElements,

    /// <summary>Instances of modules.</summary>
    Instances,

    /// <summary>Memories; imported ones count once.</summary>
    Memories,

    /// <summary>Tables; imported ones count once.</summary>
    Tables,

    /// <summary>Promising calls that have not ended: they run, are suspended, or wait for their turn.</summary>
    Calls,

    /// <summary>
    /// The bytes that the stacks of all calls take on the heap together: their frames, while they are suspended or the native stack is used up, and copies
    /// of their parts of C stacks, which count as soon as they may have to be made. What lies in memories counts there.
    /// </summary>
    StackBytes,

    /// <summary>The bytes of the structures, arrays and exceptions that code has made and that still live, as far as that is known.</summary>
    ObjectBytes,
}
