using System.Collections.Concurrent;

namespace Fermata.Python.Interop;

/// <summary>Waits in <c>run_sync</c>, which end when the task of asyncio that waits there is cancelled, or the host cancels the call.</summary>
internal sealed class Waits(Interpreter python)
{
    private readonly ConcurrentDictionary<int, CancellationTokenSource> _ofTasks = new();

    /// <summary>The call that runs begins to wait; on the store's turn.</summary>
    public Wait Begin()
    {
        if (python.Promising?.Cancellation is { } cancellation)
            return new Wait(cancellation.TryDeliver, cancellation.IsDelivered ? default : cancellation.Token);
        var task = python.CurrentTask();
        if (task == 0)
            return default;
        var source = new CancellationTokenSource();
        _ofTasks[task] = source;
        return new Wait(() => !_ofTasks.TryRemove(new(task, source)), source.Token);
    }

    /// <summary>Ends the wait of a task.</summary>
    /// <param name="task">Its address.</param>
    /// <returns>Whether there is one.</returns>
    public bool Cancel(int task)
    {
        if (!_ofTasks.TryRemove(task, out var source))
            return false;
        _ = source.CancelAsync();
        return true;
    }
}
