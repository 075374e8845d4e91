namespace Fermata.Runtime;

/// <summary>A wait at an address of a shared memory, from when it is queued until something ends it. It ends once.</summary>
/// <param name="owner">The store whose code waits.</param>
/// <param name="address">The address.</param>
internal sealed class Waiter(Store owner, ulong address)
{
    private static readonly Action Ended = static () => { };

    private Action? _continuation;

    public Store Owner { get; } = owner;

    public ulong Address { get; } = address;

    /// <summary>The place in the queue; null while in none. Belongs to <see cref="WaitQueues"/>.</summary>
    public LinkedListNode<Waiter>? Place { get; set; }

    /// <summary>Greater than that of each that was queued before at the memory. Belongs to <see cref="WaitQueues"/>.</summary>
    public ulong Number { get; set; }

    /// <summary>How the wait ended.</summary>
    public WaitResult Result { get; private set; }

    /// <summary>Whether the wait has ended.</summary>
    public bool HasEnded => Volatile.Read(ref _continuation) == Ended;

    /// <summary>Ends the wait. For whoever took it off its queue, and not inside the lock of the queues.</summary>
    public void End(WaitResult result)
    {
        Result = result;
        Interlocked.Exchange(ref _continuation, Ended)?.Invoke();
    }

    /// <summary>Has the continuation called when the wait ends; at once if it has ended already.</summary>
    public void OnEnded(Action continuation)
    {
        if (Interlocked.CompareExchange(ref _continuation, continuation, null) is not null)
            continuation();
    }
}
