namespace Fermata.Runtime;

/// <summary>Makes tasks that the thread which has the turn of a store cannot block for: it would wait for itself.</summary>
/// <remarks>
/// A promising call that a synchronous host function starts goes on when that function has returned, and not before. .NET asks the scheduler of a task before it
/// blocks a thread for it, to have it run there; so the tasks of this one, which only repeat what others end with, find out.
/// </remarks>
internal sealed class TurnGuard(Turn turn) : TaskScheduler
{
    /// <summary>A task that ends as another one does.</summary>
    /// <param name="call">The task of the call.</param>
    /// <param name="token">What the call can be cancelled with.</param>
    public Task<T> Guard<T>(Task<T> call, CancellationToken token)
    {
        var guarded = new Task<T>(static call => ((Task<T>)call!).GetAwaiter().GetResult(), call, token);
        guarded.Start(this);
        Continuation.OnCompletedAnywhere(call, () => TryExecuteTask(guarded));
        return guarded;
    }

    /// <summary>A task is executed when the call has ended.</summary>
    protected override void QueueTask(Task task)
    {
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => turn.IsMine
        ? throw new InvalidOperationException(
            "A host function waits, with Wait, Result or GetResult, for a promising call of its own store, which cannot go on before the function has returned. " +
            "Let the host function return a task, and await the call.")
        : false;

    protected override IEnumerable<Task>? GetScheduledTasks() => null;
}
