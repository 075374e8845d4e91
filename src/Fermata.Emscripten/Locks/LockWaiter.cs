using Fermata.Platform;

namespace Fermata.Emscripten.Locks;

/// <summary>A call that waits for a lock.</summary>
/// <param name="wanted">The lock.</param>
internal sealed class LockWaiter(RecordLock wanted)
{
    /// <summary>Whoever gives a lock away does not run what waits for it.</summary>
    private readonly TaskCompletionSource<Errno> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RecordLock Wanted => wanted;

    public Task<Errno> Task => _end.Task;

    public void End(Errno error) => _end.SetResult(error);
}
