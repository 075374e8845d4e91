using Fermata.Execution;

namespace Fermata.Suspension;

/// <summary>Where the end of a promising call goes: the task that the caller holds.</summary>
internal abstract class Completion
{
    /// <summary>Reads the results from the context's slots. Called on the store's turn; the task is completed later.</summary>
    public abstract void TakeResults(StoreContext context);

    /// <summary>Notes the failure. Called on the store's turn; the task is completed later.</summary>
    public abstract void TakeFailure(Exception exception);

    /// <summary>Completes the task. Called without the turn where that is possible, since the caller's code may run here.</summary>
    public abstract void Publish();
}
