using System.Runtime.ExceptionServices;

namespace Fermata.Runtime;

/// <summary>What a store has one of and all generated code reaches in one load (FRAMES: <c>ctx</c>).</summary>
/// <remarks>One thread at a time uses it: the one that has the store's turn.</remarks>
internal sealed partial class StoreContext
{
    public StoreContext(Store store)
    {
        Store = store;
        ShadowStacks = new ShadowStacks(store.Options);
        ReserveSlots(FirstSlots);
    }

    /// <summary>The flag that generated code tests after each call that may suspend.</summary>
    internal bool Unwinding;

    /// <summary>Whether the stack is unwound only to be resumed at once.</summary>
    internal bool IsForced;

    /// <summary>Whether the stack is unwound where code is asked to stop, and not in the middle of handing results over.</summary>
    internal bool IsStopped;

    internal Store Store { get; }

    /// <summary>The fiber whose WebAssembly frames run now; null under a call that is not promising.</summary>
    internal Fiber? CurrentFiber;

    /// <summary>The host function that runs now, innermost.</summary>
    internal HostFunction? CurrentHost;

    /// <summary>The host function between the innermost promising call and the WebAssembly code that runs now.</summary>
    internal HostFunction? Barrier;

    internal ShadowStacks ShadowStacks { get; }

    /// <summary>
    /// Has the stack unwound only to be looked at by the scheduler. Called by generated code too, under <see cref="EngineOptions.SuspendEverywhere"/>
    /// with the results of a call in the slots.
    /// </summary>
    internal void ForceSuspension()
    {
        Unwinding = true;
        IsForced = true;
    }

    /// <summary>What the call ended with whose frame is resumed, if that can catch it.</summary>
    internal Exception? PendingException;

    /// <summary>Called by generated code at a call site in a try: raises what the call ended with.</summary>
    internal void ThrowPending()
    {
        if (PendingException is not { } exception)
            return;
        PendingException = null;
        ExceptionDispatchInfo.Throw(exception);
    }
}
