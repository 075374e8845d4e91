namespace Fermata;

/// <summary>Decides how much a store may have (<see cref="StoreOptions.Limiter"/>). <see cref="StoreLimits"/> is one with fixed limits.</summary>
/// <remarks>
/// The store counts; what is refused is not counted. Calls no longer count when they have ended, nor their stacks when the memory is given back; everything
/// else counts as long as the store lives, since anything in it may refer to it, and so does an instance whose making failed later. What lives of the structures, arrays
/// and exceptions that code makes is estimated, and the limiter asked after the fact, every few kilobytes. One limiter may serve several stores, and must then
/// be safe for use by several threads.
/// </remarks>
public abstract class ResourceLimiter
{
    /// <summary>Called before the store gets more of a resource, on the thread that wants it. It must not use the store.</summary>
    /// <remarks>
    /// If it refuses, <c>memory.grow</c> and <c>table.grow</c> return -1, <see cref="Memory.Grow"/> and <see cref="Table.Grow"/> do too, the task of a promising call
    /// fails with <see cref="ResourceLimitException"/>, and what makes an instance, a memory or a table throws it, before anything was made. A call whose stack is
    /// refused more ends with it, and code that makes objects traps. An exception of the limiter's own reaches the host that asked, or whose call it was. The WebAssembly code that wanted more
    /// catches neither.
    /// </remarks>
    /// <param name="resource">What the store wants more of.</param>
    /// <param name="current">How much it has.</param>
    /// <param name="wanted">How much it would have.</param>
    /// <returns>Whether it may.</returns>
    public abstract bool Allows(StoreResource resource, long current, long wanted);
}
