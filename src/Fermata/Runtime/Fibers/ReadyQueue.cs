using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Fermata.Runtime;

/// <summary>What waits for a store's turn: fibers and threads. Any thread may add to it.</summary>
internal sealed class ReadyQueue
{
    private readonly ConcurrentQueue<object> _items = new();

    /// <summary>What does not wait behind the others.</summary>
    private readonly ConcurrentQueue<object> _urgent = new();

    // Asked at each suspension, and the queue itself is slow to tell. Counted after the item is there: who finds the
    // queue empty and gives the turn back leaves the item to who added it.
    private int _count;

    public bool IsEmpty => Volatile.Read(ref _count) <= 0;

    public bool HasUrgent => !_urgent.IsEmpty;

    /// <summary>The fibers that are in the queue at this moment.</summary>
    public IEnumerable<Fiber> Fibers => _items.OfType<Fiber>();

    public void Enqueue(object item, bool isUrgent)
    {
        (isUrgent ? _urgent : _items).Enqueue(item);
        Interlocked.Increment(ref _count);
    }

    /// <param name="item">The next item.</param>
    /// <param name="onlyUrgent">Whether nothing else is wanted.</param>
    public bool TryDequeue([NotNullWhen(true)] out object? item, bool onlyUrgent)
    {
        if (!_urgent.TryDequeue(out item) && (onlyUrgent || !_items.TryDequeue(out item)))
            return false;
        Interlocked.Decrement(ref _count);
        return true;
    }
}
