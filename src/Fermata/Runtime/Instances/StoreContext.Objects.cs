using System.Runtime.CompilerServices;

namespace Fermata.Runtime;

/// <summary>The garbage-collected objects that code makes are counted here.</summary>
internal sealed partial class StoreContext
{
    private readonly ObjectCount _objects;

    /// <summary>The bytes of objects that may be made until the next look at how many live; generated code counts down.</summary>
    internal long ObjectBudget;

    /// <summary>Called by generated code when the budget is used up.</summary>
    /// <param name="newest">The object that was made last.</param>
    /// <param name="bytes">Its size.</param>
    /// <exception cref="TrapException">There are too many.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void CountObjects(object newest, long bytes)
    {
        ObjectBudget = _objects.Count(newest, bytes, ObjectBudget);
        _objects.Require(0);
    }

    /// <summary>Counts an object that the run-time has made for code.</summary>
    internal void CountObject(object newest, long bytes)
    {
        ObjectBudget -= bytes;
        if (ObjectBudget < 0)
            CountObjects(newest, bytes);
    }

    /// <summary>Requires that there is room for a large object.</summary>
    internal void RequireObjectRoom(long bytes) => _objects.Require(bytes);
}
