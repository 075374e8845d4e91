namespace Fermata.Runtime;

/// <summary>Who waits at which address of a shared memory; who came first is woken first.</summary>
internal sealed class WaitQueues
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, LinkedList<Waiter>> _byAddress = [];
    private ulong _lastNumber;

    /// <summary>Queues a waiter if the cell has the expected value. Nobody can notify between the look and the queueing.</summary>
    /// <returns>Whether it is queued.</returns>
    /// <exception cref="ObjectDisposedException">The waiter's store is disposed.</exception>
    public bool TryAdd<T>(Waiter waiter, ref readonly T cell, T expected)
        where T : unmanaged, IEquatable<T>
    {
        lock (_lock)
        {
            // Disposal looks for waiters after it has said so: it finds this one, or this one finds out.
            waiter.Owner.ThrowIfDisposed();
            if (!cell.Equals(expected))
                return false;
            Append(waiter);
            return true;
        }
    }

    /// <summary>Queues a waiter of a restored store behind those that are there.</summary>
    public void Add(Waiter waiter)
    {
        lock (_lock)
            Append(waiter);
    }

    /// <summary>A number by which those who wait were queued one after another, from 1; 0 if the wait is over.</summary>
    public ulong NumberOf(Waiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Place is not null)
                return waiter.Number;
        }

        // Who took it off the queue is about to end it.
        SpinWait.SpinUntil(() => waiter.HasEnded);
        return 0;
    }

    /// <summary>Takes a waiter off its queue.</summary>
    /// <returns>Whether it was there; if so, nobody else ends it.</returns>
    public bool Remove(Waiter waiter)
    {
        lock (_lock)
            return TryTake(waiter);
    }

    /// <summary>Wakes those who wait at an address.</summary>
    /// <returns>How many there were.</returns>
    public int Notify(ulong address, uint most)
    {
        List<Waiter> woken;
        lock (_lock)
        {
            if (!_byAddress.TryGetValue(address, out var queue))
                return 0;
            woken = TakeFirst(queue, most);
        }

        foreach (var waiter in woken)
            waiter.End(WaitResult.Ok);
        return woken.Count;
    }

    /// <summary>Ends all waits of a store that is disposed.</summary>
    public void RemoveAll(Store owner)
    {
        List<Waiter> found;
        lock (_lock)
        {
            found = [.. _byAddress.Values.SelectMany(queue => queue).Where(waiter => waiter.Owner == owner)];
            found.ForEach(waiter => TryTake(waiter));
        }

        found.ForEach(waiter => waiter.End(WaitResult.Disposed));
    }

    private void Append(Waiter waiter)
    {
        if (!_byAddress.TryGetValue(waiter.Address, out var queue))
            _byAddress.Add(waiter.Address, queue = []);
        waiter.Place = queue.AddLast(waiter);
        waiter.Number = ++_lastNumber;
    }

    private List<Waiter> TakeFirst(LinkedList<Waiter> queue, uint most)
    {
        var taken = new List<Waiter>();
        while (taken.Count < most && queue.First is { Value: var first })
        {
            TryTake(first);
            taken.Add(first);
        }

        return taken;
    }

    private bool TryTake(Waiter waiter)
    {
        if (waiter.Place is not { List: { } queue } place)
            return false;
        queue.Remove(place);
        waiter.Place = null;
        if (queue.Count == 0)
            _byAddress.Remove(waiter.Address);
        return true;
    }
}
