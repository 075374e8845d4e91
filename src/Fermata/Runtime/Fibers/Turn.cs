namespace Fermata.Runtime;

/// <summary>The right to run a store's code: one thread has it at a time, and may take it again inside host functions.</summary>
internal sealed class Turn
{
    private int _owner;
    private int _depth;

    /// <summary>Takes the turn if it is free or this thread's already.</summary>
    public bool TryEnter()
    {
        var thread = Environment.CurrentManagedThreadId;
        if (_owner == thread)
        {
            _depth++;
            return true;
        }

        return TryEnterFromOutside(thread);
    }

    /// <summary>Takes the turn if it is free.</summary>
    public bool TryEnterFromOutside() => TryEnterFromOutside(Environment.CurrentManagedThreadId);

    private bool TryEnterFromOutside(int thread)
    {
        if (Interlocked.CompareExchange(ref _owner, thread, 0) != 0)
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
