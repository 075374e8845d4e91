using System.Runtime.CompilerServices;

namespace Fermata.Runtime;

/// <summary>A call of an import whose task has no result.</summary>
internal sealed class TaskSuspension(HostFunction function) : ImportSuspension(function)
{
    /// <summary>What is waited for.</summary>
    public ValueTask Task;

    public override bool IsCompleted => Task.IsCompleted;

    public override void OnCompleted(Action continuation) => Continuation.OnCompleted(Function.Store.Scheduler, ref Task, continuation);

    public override void TakeResult(StoreContext context, FrameStack frames)
    {
        var task = Task;
        Task = default;
        task.GetAwaiter().GetResult();
        Unsafe.As<ResultWriter<NoResult>?>(Function.Thunk.ResultWriter)?.Invoke(Function, context, default, frames);
    }
}

/// <summary>A call of an import whose task has a result.</summary>
internal sealed class TaskSuspension<T>(HostFunction function) : ImportSuspension(function)
{
    /// <summary>What is waited for.</summary>
    public ValueTask<T> Task;

    public override bool IsCompleted => Task.IsCompleted;

    public override void OnCompleted(Action continuation) => Continuation.OnCompleted(Function.Store.Scheduler, ref Task, continuation);

    public override void TakeResult(StoreContext context, FrameStack frames)
    {
        var task = Task;
        Task = default;

        // The thunk that made this object has a writer for what it awaits.
        Unsafe.As<ResultWriter<T>>(Function.Thunk.ResultWriter!)(Function, context, task.GetAwaiter().GetResult(), frames);
    }
}
