namespace Fermata.Runtime;

/// <summary>Where the end of a promising call goes: the task that the caller holds.</summary>
internal interface ICompletion
{
    /// <summary>The task.</summary>
    Task Task { get; }

    /// <summary>Reads the results from the context's slots. Called on the store's turn; the task is completed later.</summary>
    void TakeResults(Function function, StoreContext context);

    /// <summary>Notes the failure. Called on the store's turn; the task is completed later.</summary>
    void TakeFailure(Exception exception);

    /// <summary>Completes the task. Called without the turn where that is possible, since the caller's code may run here.</summary>
    void Publish();
}
