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
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The store is being disposed.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void CountObjects(object newest, long bytes)
    {
        if (!TryCountObjects(newest, bytes))
            Store.Scheduler.ThrowIfEnding();
    }

    /// <summary>As <see cref="CountObjects"/>, for code that looks afterwards whether the call ends.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void CountObjectsOrEnd(object newest, long bytes)
    {
        if (!TryCountObjects(newest, bytes))
            Throw(Store.Scheduler.FindEnd()!);
    }

    /// <summary>Counts an object that the run-time has made for code.</summary>
    internal void CountObject(object newest, long bytes)
    {
        ObjectBudget -= bytes;
        if (ObjectBudget < 0)
            CountObjects(newest, bytes);
    }

    /// <summary>As <see cref="CountObject"/>, for code that looks afterwards whether the call ends.</summary>
    internal void CountObjectOrEnd(object newest, long bytes)
    {
        ObjectBudget -= bytes;
        if (ObjectBudget < 0)
            CountObjectsOrEnd(newest, bytes);
    }

    /// <summary>Requires that there is room for a large object.</summary>
    /// <returns>Whether there is; false if the call is to end, and then what ends it is on its way out by the return path.</returns>
    internal bool TryRequireObjectRoom(long bytes)
    {
        if (_objects.TryRequire(bytes))
            return true;
        Throw(Store.Scheduler.FindEnd()!);
        return false;
    }

    private bool TryCountObjects(object newest, long bytes)
    {
        ObjectBudget = _objects.Count(newest, bytes, ObjectBudget);
        return _objects.TryRequire(0);
    }
}
