namespace Fermata.Runtime;

/// <summary>The calls of a store, for snapshots.</summary>
internal sealed partial class Scheduler
{
    /// <summary>The calls that somebody may ask for who holds neither their tasks nor what they wait for: those that have a key, and those of a snapshot.</summary>
    private readonly HashSet<Fiber> _kept = [];

    /// <summary>What waits until a call goes on that no snapshot may have; null if nothing does.</summary>
    private TaskCompletionSource? _released;

    /// <summary>The number of the call that started last.</summary>
    public uint LastId
    {
        get => _calls;
        set => _calls = value;
    }

    /// <summary>Whether code of the store is on this thread's stack, or host functions that it has called. The turn is held.</summary>
    public bool IsNested => context.CurrentHost is not null || context.CurrentFiber is not null;

    /// <summary>The calls that have not ended, in the order in which they started. The turn is held.</summary>
    public List<Fiber> Fibers()
    {
        var fibers = Live().ToList();
        fibers.ForEach(static fiber => fiber.EnsureId());
        fibers.Sort(static (one, other) => one.Id.CompareTo(other.Id));
        return fibers;
    }

    /// <summary>Has a fiber live until its call ends, whether something refers to it or not.</summary>
    public void Keep(Fiber fiber)
    {
        _fibers.Add(fiber);
        _kept.Add(fiber);
    }

    /// <summary>A call that waits for a call of an import which no snapshot may have; null if there is none. The turn is held.</summary>
    public Fiber? FindHolding() => Live().FirstOrDefault(static fiber => fiber.HoldsSnapshots);

    /// <summary>Ends when one of those calls goes on or ends. The turn is held.</summary>
    public Task WhenReleased() => (_released ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void ReleaseSnapshots() => Interlocked.Exchange(ref _released, null)?.TrySetResult();

    /// <summary>Does something on the turn when what runs on this thread has given it back.</summary>
    public Task AfterTurn(Action work)
    {
        var waiting = new TurnWork(work);
        AddReady(waiting, isUrgent: _home is not null);
        return waiting.Task;
    }
}
