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

    /// <summary>The newest of them that no snapshot may have; 0 if there was none.</summary>
    private uint _heldWait;

    /// <summary>Whether one may have it before its task is complete.</summary>
    private bool _isHeldWhenComplete;

    /// <summary>Whether the fiber is suspended at a call of an import that no snapshot may have. One that returned at once may be the newest, too, while code computes behind it.</summary>
    public bool HoldsSnapshots =>
        _heldWait == Waits && _heldWait != 0 && Suspension is { GoesOnByItself: false } && (!_isHeldWhenComplete || Suspension.IsCompleted);

    /// <summary>Has snapshots wait until the call of an import that is made now has returned.</summary>
    public void HoldSnapshots(bool whenComplete) => (_heldWait, _isHeldWhenComplete) = (Waits, whenComplete);

    /// <summary>It has returned, or never will.</summary>
    private void ReleaseSnapshots()
    {
        if (_heldWait == 0)
            return;
        _heldWait = 0;
        _scheduler.ReleaseSnapshots();
    }

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

    /// <summary>Has a fiber of a snapshot go on, in its turn, unless it has been cancelled meanwhile; if its wait is not over, when it is.</summary>
    public void GoOn()
    {
        if (Suspension is { IsCompleted: false })
            AskToBeWoken(_continuation ??= Wake);
        else if (TryWake())
            _scheduler.Enqueue(this);
    }
}
