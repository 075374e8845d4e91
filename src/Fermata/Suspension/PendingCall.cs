using Fermata.Execution;

namespace Fermata.Suspension;

/// <summary>A call of a suspending import whose task is not complete.</summary>
internal abstract class PendingCall(HostFunction function)
{
    /// <summary>The next one in the pool of the import.</summary>
    internal PendingCall? NextIdle;

    /// <summary>The import.</summary>
    public HostFunction Function { get; } = function;

    /// <summary>Has the continuation called once, when the task is complete.</summary>
    public abstract void OnCompleted(Action continuation);

    /// <summary>Puts the task's results into the context's slots, as results of the import.</summary>
    /// <exception cref="Exception">What the task failed with.</exception>
    public abstract void TakeResult(StoreContext context);
}
