namespace Fermata.Bench;

/// <summary>A queue of callbacks and the loop that runs them on one thread: what a JavaScript engine has for its microtasks.</summary>
internal sealed class EventLoop
{
    private readonly Queue<(Action<object?> Callback, object? State)> _queue = new();

    public void Post(Action<object?> callback, object? state) => _queue.Enqueue((callback, state));

    /// <summary>Runs callbacks until a task is complete, and returns its result.</summary>
    public int RunUntilComplete(Task<int> task)
    {
        while (!task.IsCompleted && _queue.TryDequeue(out var next))
            next.Callback(next.State);
        return task.IsCompleted ? task.GetAwaiter().GetResult() : throw new BenchException("the loop has nothing left to run");
    }
}
