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
        _objects = new ObjectCount(store.Options.Limiter, () => IsInterrupted && store.Engine.Options.IsInterruptible && store.Scheduler.FindEnd() is not null);
        ObjectBudget = _objects.Start();
    }

    /// <summary>Why the stack unwinds, and what for; null while it does not. Generated code tests it after each call that may suspend.</summary>
    internal Suspension? Suspension;

    internal Store Store { get; }

    /// <summary>The fiber whose WebAssembly frames run now; null under a call that is not promising.</summary>
    internal Fiber? CurrentFiber;

    /// <summary>What the innermost call that runs now can be cancelled with.</summary>
    internal CancellationToken CancellationToken => CurrentFiber?.CancellationToken ?? Store.Scheduler.InnermostToken;

    /// <summary>The host function that runs now, innermost.</summary>
    internal HostFunction? CurrentHost;

    /// <summary>The host function between the innermost promising call and the WebAssembly code that runs now.</summary>
    internal HostFunction? Barrier;

    /// <summary>Whether the innermost call that is not promising is that of a start function.</summary>
    internal bool IsStarting;

    /// <summary>The values of the untyped host functions that run now.</summary>
    internal readonly ValueStack HostValues = new();

    internal ShadowStacks ShadowStacks { get; }

    /// <summary>Called by generated code under <see cref="EngineOptions.SuspendEverywhere"/>, with the results of a call in the slots.</summary>
    internal void ForceSuspension() => Suspension = Relocation.Forced;
}
