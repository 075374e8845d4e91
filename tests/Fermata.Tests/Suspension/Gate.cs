namespace Fermata.Tests.Suspension;

/// <summary>What any number of calls wait for. Each has a task of its own, so that they go on one after another, in the order of their coming.</summary>
/// <remarks>Of the continuations of one task, .NET runs only one on the thread that completes it, and the others on the pool.</remarks>
public sealed class Gate
{
    private readonly List<TaskCompletionSource<int>> _waiting = [];
    private Action<TaskCompletionSource<int>>? _outcome;

    /// <summary>A task that is complete when the gate is open.</summary>
    public Task<int> Wait()
    {
        var source = new TaskCompletionSource<int>();
        lock (_waiting)
        {
            if (_outcome is null)
                _waiting.Add(source);
            else
                _outcome(source);
        }

        return source.Task;
    }

    public void Open(int value) => End(source => source.SetResult(value));

    /// <summary>Opens the gate with the context of this thread as it is.</summary>
    public void OpenHere(int value) => Settle(source => source.SetResult(value));

    public void Fail(Exception exception) => End(source => source.SetException(exception));

    public void Cancel(CancellationToken token = default) => End(source => source.SetCanceled(token));

    private void End(Action<TaskCompletionSource<int>> outcome)
    {
        // A thread with a context does not run the continuations of the tasks that it completes; it has them run by the pool.
        // Without the one of the test framework all happens on the thread of the test, one thing after another.
        SynchronizationContext.SetSynchronizationContext(null);
        Settle(outcome);
    }

    private void Settle(Action<TaskCompletionSource<int>> outcome)
    {
        TaskCompletionSource<int>[] waiting;
        lock (_waiting)
        {
            _outcome = outcome;
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var source in waiting)
            outcome(source);
    }
}
