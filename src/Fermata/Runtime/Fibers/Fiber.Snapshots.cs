namespace Fermata.Runtime;

/// <summary>What a fiber is in a snapshot.</summary>
internal sealed partial class Fiber
{
    /// <summary>By what the host finds the call again; null if it has not said so.</summary>
    public string? Key;

    /// <summary>Whether a host function has made the call, without a key: nobody finds it again who waits for it.</summary>
    public bool IsOfHost;

    /// <summary>How many calls of suspending imports the fiber has made.</summary>
    public uint Waits;

    /// <summary>Makes a new fiber one of a snapshot, which goes on when it is <see cref="GoOn">told</see> to.</summary>
    /// <param name="id">The number of the call.</param>
    /// <param name="suspension">What it waits for.</param>
    public void Restore(uint id, Suspension suspension)
    {
        _id = id;
        Suspension = suspension;
        _waitsSince = Environment.TickCount64;
        _state = Suspended;
        _scheduler.Keep(this);
    }

    /// <summary>Has a fiber of a snapshot go on, in its turn, unless it has been cancelled meanwhile.</summary>
    public void GoOn()
    {
        if (TryWake())
            _scheduler.Enqueue(this);
    }
}
