namespace Fermata.Runtime;

/// <summary>What a fiber does, for those who look on.</summary>
internal sealed partial class Fiber
{
    /// <summary>Tells others what the fiber does; null if nobody listens.</summary>
    public CallObservation? Observation;

    private long _waitsSince;
    private uint _id;

    /// <summary>The number of the call in its store, which it has when it starts or somebody looks at it. Told on the store's turn.</summary>
    public uint Id
    {
        get
        {
            EnsureId();
            return _id;
        }
    }

    /// <summary>What a suspended fiber waits for: an import, an instruction, fuel, or its next turn.</summary>
    public string WaitsFor => Suspension!.Name;

    /// <summary>What the fiber does. Told on the store's turn.</summary>
    public FiberInfo Describe()
    {
        var state = (FiberState)Volatile.Read(ref _state);
        return new FiberInfo(
            Id,
            Function,
            state,
            state == FiberState.Suspended ? WaitsFor : null,
            state == FiberState.Running ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Environment.TickCount64 - _waitsSince),
            Frames.Peek());
    }

    /// <summary>Gives the call a number, if it has none.</summary>
    public void EnsureId()
    {
        if (_id == 0)
            _id = _scheduler.NextId();
    }
}
