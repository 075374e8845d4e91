namespace Fermata.Bench;

/// <summary>A queue of callbacks and the loop that runs them on one thread: what a JavaScript engine has for its microtasks.</summary>
internal sealed class EventLoop
{
    private readonly Queue<ICallback> _queue = new();

    public void Enqueue(ICallback callback) => _queue.Enqueue(callback);

    /// <summary>Runs callbacks until a task is complete, and returns its result.</summary>
    public int RunUntilComplete(Task<int> task)
    {
        while (!task.IsCompleted && _queue.TryDequeue(out var callback))
            callback.Run();
        return task.IsCompleted ? task.GetAwaiter().GetResult() : throw new BenchException("the loop has nothing left to run");
    }
}
