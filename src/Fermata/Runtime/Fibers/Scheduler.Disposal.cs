namespace Fermata.Runtime;

/// <summary>The end of the calls of a store that is disposed.</summary>
internal sealed partial class Scheduler
{
    /// <summary>Whether the store is disposed, or about to be: what is queued then ends when it has its turn.</summary>
    public bool IsEnding => context.Store.IsDisposed;

    /// <summary>Ends the fibers that are suspended. The turn is held, and nothing runs. Those that are queued end when they have their turn.</summary>
    /// <returns>Where they ended, to be published without the turn.</returns>
    public List<ICompletion> EndSuspended()
    {
        var ended = new List<ICompletion>();
        foreach (var fiber in _fibers.ToList())
        {
            fiber.Place = 0;
            if (!fiber.TryStopWaiting())
                continue;
            var flow = fiber.EnterExecutionContext();
            Fail(fiber, new ObjectDisposedException(typeof(Store).FullName), isNested: false, isOutermost: true);
            fiber.LeaveExecutionContext(flow);
            ended.Add(fiber.TakeCompletion());
        }

        _fibers.Clear();
        _kept.Clear();
        _idleFibers.Clear();
        return ended;
    }
}
