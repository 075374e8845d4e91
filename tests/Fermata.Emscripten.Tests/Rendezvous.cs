namespace Fermata.Emscripten.Tests;

/// <summary>Where the first of many wait until all are there; those who come later do not.</summary>
internal sealed class Rendezvous(int count)
{
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _arrived;

    /// <summary>How many waited at once.</summary>
    public int MostAtOnce => _all.Task.IsCompleted ? count : _arrived;

    public Task ArriveAsync()
    {
        if (Interlocked.Increment(ref _arrived) == count)
            _all.SetResult();
        return _all.Task;
    }
}
