namespace Fermata.Runtime;

/// <summary>What a suspended fiber waits for: mostly a call of a suspending import whose task is not complete.</summary>
/// <param name="function">The import; null if it is an instruction that waits.</param>
internal abstract class PendingCall(HostFunction? function)
{
    /// <summary>The next one in the pool of the import.</summary>
    internal PendingCall? NextIdle;

    /// <summary>The import; null if it is an instruction that waits.</summary>
    public HostFunction? Function { get; } = function;

    /// <summary>Whether the task is complete, so that its results can be taken.</summary>
    public abstract bool IsCompleted { get; }

    /// <summary>Has the continuation called once, when the task is complete.</summary>
    public abstract void OnCompleted(Action continuation);

    /// <summary>Puts the task's results into the context's slots, as results of the import.</summary>
    /// <exception cref="Exception">What the task failed with.</exception>
    public abstract void TakeResult(StoreContext context);

    /// <summary>The fiber waits no longer. Called on any thread, also more than once, and also if the wait has not begun or is over.</summary>
    public virtual void Abandon()
    {
    }

    /// <summary>Keeps the object for another call of the import. Called on the store's turn.</summary>
    public void Recycle() => Function?.IdleCalls.Return(this);
}
