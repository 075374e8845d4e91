namespace Fermata.Runtime;

/// <summary>How a fiber is told that a task is complete.</summary>
internal static class Continuation
{
    private static readonly Action<Task, object?> Run = static (_, continuation) => ((Action)continuation!)();

    /// <summary>Whether tasks that this thread completes have their continuations run by the pool, in no order.</summary>
    public static bool IsContextCurrent =>
        (SynchronizationContext.Current is { } current && current.GetType() != typeof(SynchronizationContext)) || TaskScheduler.Current != TaskScheduler.Default;

    /// <summary>Has the continuation called where the task is completed, also if there is a <see cref="SynchronizationContext"/> or another <see cref="TaskScheduler"/>.</summary>
    /// <remarks>An awaiter would do that only where there is neither; it costs half as much.</remarks>
    public static void OnCompletedAnywhere(Task task, Action continuation) =>
        _ = task.ContinueWith(Run, continuation, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Has the continuation called when a task of an import is complete.</summary>
    /// <param name="scheduler">The scheduler of the store.</param>
    /// <param name="task">The task.</param>
    /// <param name="continuation">The continuation.</param>
    public static void OnCompleted(Scheduler scheduler, ref ValueTask task, Action continuation)
    {
        if (scheduler.MeetsContexts && AwaitedObject.Of(ref task) is Task inner)
            OnCompletedAnywhere(inner, continuation);
        else
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(continuation);
    }

    /// <inheritdoc cref="OnCompleted(Scheduler, ref ValueTask, Action)"/>
    public static void OnCompleted<T>(Scheduler scheduler, ref ValueTask<T> task, Action continuation)
    {
        if (scheduler.MeetsContexts && AwaitedObject.Of(ref task) is Task inner)
            OnCompletedAnywhere(inner, continuation);
        else
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(continuation);
    }
}
