using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Fermata.Runtime;

/// <summary>What waits for a store's turn: fibers and threads. Any thread may add to it.</summary>
internal sealed class ReadyQueue
{
    private readonly ConcurrentQueue<object> _items = new();

    // Asked at each suspension, and the queue itself is slow to tell. Counted after the item is there: who finds the
    // queue empty and gives the turn back leaves the item to who added it.
    private int _count;

    public bool IsEmpty => Volatile.Read(ref _count) <= 0;

    /// <summary>The fibers that are in the queue at this moment.</summary>
    public IEnumerable<Fiber> Fibers => _items.OfType<Fiber>();

    public void Enqueue(object item)
    {
        _items.Enqueue(item);
        Interlocked.Increment(ref _count);
    }

    public bool TryDequeue([NotNullWhen(true)] out object? item)
    {
        if (!_items.TryDequeue(out item))
            return false;
        Interlocked.Decrement(ref _count);
        return true;
    }
}
