namespace Fermata.Runtime;

/// <summary>The calls of a store, for snapshots.</summary>
internal sealed partial class Scheduler
{
    /// <summary>The calls that live although nobody may hold their tasks, nor what they wait for.</summary>
    private readonly HashSet<Fiber> _kept = [];

    /// <summary>The number of the call that started last.</summary>
    public uint LastId
    {
        get => _calls;
        set => _calls = value;
    }

    /// <summary>Whether code of the store is on this thread's stack, or host functions that it has called. The turn is held.</summary>
    public bool IsNested => context.CurrentHost is not null || context.CurrentFiber is not null;

    /// <summary>The calls that have not ended, in the order in which they started. The turn is held.</summary>
    public List<Fiber> Fibers() => [.. Live().OrderBy(fiber => fiber.Id)];

    /// <summary>Notes a fiber that may be suspended from now on, or is.</summary>
    public void Keep(Fiber fiber)
    {
        _fibers.Add(fiber);
        if (fiber.IsKept)
            _kept.Add(fiber);
    }

    /// <summary>Does something on the turn when what runs on this thread has given it back.</summary>
    public Task AfterTurn(Action work)
    {
        var waiting = new TurnWork(work);
        AddReady(waiting, isUrgent: _home is not null);
        return waiting.Task;
    }
}
