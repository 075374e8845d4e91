namespace Fermata.Suspension;

/// <summary>The right to run a store's code: one thread has it at a time, and may take it again inside host functions.</summary>
internal sealed class Turn
{
    private int _owner;
    private int _depth;

    /// <summary>Takes the turn if it is free or this thread's already.</summary>
    public bool TryEnter()
    {
        if (_owner == Environment.CurrentManagedThreadId)
        {
            _depth++;
            return true;
        }

        return TryEnterFromOutside();
    }

    /// <summary>Takes the turn if it is free.</summary>
    public bool TryEnterFromOutside()
    {
        if (Interlocked.CompareExchange(ref _owner, Environment.CurrentManagedThreadId, 0) != 0)
            return false;
        _depth = 1;
        return true;
    }

    /// <summary>Gives the turn back; true if it is free now.</summary>
    public bool Leave()
    {
        if (--_depth > 0)
            return false;

        // A full fence: who queued work and found the turn taken must be seen by who reads the queue after this.
        Interlocked.Exchange(ref _owner, 0);
        return true;
    }

    /// <summary>Gives the turn to a thread that waits for it.</summary>
    public void HandOver(int thread)
    {
        _depth = 1;
        Volatile.Write(ref _owner, thread);
    }

    /// <summary>Whether this thread has the turn.</summary>
    public bool IsMine => _owner == Environment.CurrentManagedThreadId;
}
