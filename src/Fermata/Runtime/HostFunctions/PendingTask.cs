namespace Fermata.Runtime;

/// <summary>A call of an import whose task has no result.</summary>
internal sealed class PendingTask(HostFunction function) : PendingCall(function)
{
    /// <summary>What is waited for.</summary>
    public ValueTask Task;

    public override bool IsCompleted => Task.IsCompleted;

    public override void OnCompleted(Action continuation) => Task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(continuation);

    public override void TakeResult(StoreContext context)
    {
        var task = Task;
        Task = default;
        task.GetAwaiter().GetResult();
    }
}

/// <summary>A call of an import whose task has a result.</summary>
internal sealed class PendingTask<T>(HostFunction function) : PendingCall(function)
{
    private readonly ResultWriter<T> _writer = (ResultWriter<T>)function.Thunk.ResultWriter!;

    /// <summary>What is waited for.</summary>
    public ValueTask<T> Task;

    public override bool IsCompleted => Task.IsCompleted;

    public override void OnCompleted(Action continuation) => Task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(continuation);

    public override void TakeResult(StoreContext context)
    {
        var task = Task;
        Task = default;
        _writer(Function!, context, task.GetAwaiter().GetResult());
    }
}
