using System.Globalization;

namespace Fermata.Runtime;

/// <summary>How many bytes the live structures, arrays and exceptions of a store have, for its limiter.</summary>
/// <remarks>
/// .NET does not tell whose an object is, and only its garbage collector knows which ones live. So one object in some kilobytes is watched by a weak
/// reference and stands for the others. Which ones is left to chance, byte by byte, so that code cannot keep just the others: an object that was found by its
/// chance stands for its size divided by it. There are 4,000 of them and more before the interval grows, which makes the estimate good to 2 % (standard deviation).
/// One thread at a time uses it: the one that has the store's turn.
/// </remarks>
/// <param name="limiter">The limiter of the store, if it has one.</param>
/// <param name="isEnding">Whether the call that makes objects is to end: each collection walks its whole stack, and it may make an object in each activation on the way back.</param>
internal sealed class ObjectCount(ResourceLimiter? limiter, Func<bool> isEnding)
{
    private const int MostSamples = 8_192;

    /// <summary>So many bytes are made between two looks at how full the heap is.</summary>
    private const long HeapInterval = 1 << 20;

    /// <summary>A collection that is not sure to be needed is made when one part in so many of what lives was made since the last one.</summary>
    private const int CollectionShare = 16;

    private readonly ResourceLimiter? _limiter = limiter is StoreLimits { MaxObjectBytes: long.MaxValue } ? null : limiter;
    private readonly List<(WeakReference<object> Object, long Bytes)> _samples = [];
    private readonly Stack<WeakReference<object>> _idle = [];
    private long _interval = 2 * 1024;
    private long _live;
    private long _untilHeap = HeapInterval;
    private long _sinceCollection;

    /// <summary>The bytes that may be made until the first look.</summary>
    public long Start() => NextGap();

    /// <summary>Takes note of what was made when a budget is used up.</summary>
    /// <param name="newest">The object that used it up.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="budget">What is left of the budget: less than nothing.</param>
    /// <returns>The next budget.</returns>
    public long Count(object newest, long bytes, long budget)
    {
        if (_limiter is null)
        {
            _untilHeap = 0;
            return HeapInterval;
        }

        if (bytes >= _interval)
        {
            Watch(newest, bytes);
            return budget + bytes;
        }

        Watch(newest, (long)(bytes / (1 - Math.Exp(-(double)bytes / _interval))));
        return NextGap();
    }

    /// <summary>Requires that there is room for more.</summary>
    /// <returns>Whether it is known to be there; false if the call is to end, for which no garbage is collected.</returns>
    /// <exception cref="TrapException">The limiter refuses it, or the heap of the process is nearly full.</exception>
    public bool TryRequire(long bytes)
    {
        if (_limiter is not null && !Allows(bytes) && !TryCollect(bytes))
            return false;
        if (bytes < _untilHeap)
            return true;

        _untilHeap = HeapInterval;
        if (HeapRoom.Has(bytes))
            return true;
        if (isEnding())
            return false;
        HeapRoom.Collect();
        return HeapRoom.Has(bytes) ? true : throw TrapException.Create(TrapKind.OutOfMemory, "(the heap of the process is nearly full)");
    }

    private bool Allows(long more) => _limiter!.Allows(StoreResource.ObjectBytes, _live, _live + more);

    /// <summary>What lives no longer is found by collections, younger objects first. They cost all of the process, so that a little too much is let pass.</summary>
    /// <inheritdoc cref="TryRequire"/>
    private bool TryCollect(long bytes)
    {
        Forget();
        if (Allows(bytes) || _sinceCollection + bytes < _live / CollectionShare)
            return true;
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            if (isEnding())
                return false;
            _sinceCollection = 0;
            GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
            Forget();
            if (Allows(bytes))
                return true;
        }

        throw TrapException.Create(
            TrapKind.OutOfMemory,
            string.Create(CultureInfo.InvariantCulture, $"(the store's limiter refuses {_live + bytes} bytes of objects)"));
    }

    private void Watch(object newest, long bytes)
    {
        _live += bytes;
        _sinceCollection += bytes;
        _untilHeap -= bytes;
        if (!_idle.TryPop(out var reference))
            reference = new WeakReference<object>(newest);
        reference.SetTarget(newest);
        _samples.Add((reference, bytes));
        if (_samples.Count < MostSamples)
            return;
        Forget();
        if (_samples.Count > MostSamples / 2)
            Thin();
    }

    /// <summary>Drops what has been collected.</summary>
    private void Forget() => Keep(static sample => sample.Object.TryGetTarget(out _) ? sample.Bytes : 0);

    /// <summary>Watches half as many: what stands for less than the new interval is kept by a chance in proportion, and stands for the interval then.</summary>
    private void Thin()
    {
        _interval *= 2;
        var interval = _interval;
        Keep(sample => sample.Bytes >= interval ? sample.Bytes : Random.Shared.NextInt64(interval) < sample.Bytes ? interval : 0);
    }

    /// <param name="bytesOf">What a sample stands for from now on; zero if it is dropped.</param>
    private void Keep(Func<(WeakReference<object> Object, long Bytes), long> bytesOf)
    {
        var kept = 0;
        _live = 0;
        for (var i = 0; i < _samples.Count; i++)
        {
            var sample = _samples[i];
            var bytes = bytesOf(sample);
            if (bytes == 0)
            {
                sample.Object.SetTarget(null!);
                _idle.Push(sample.Object);
                continue;
            }

            _live += bytes;
            _samples[kept++] = (sample.Object, bytes);
        }

        _samples.RemoveRange(kept, _samples.Count - kept);
    }

    /// <summary>Exponentially distributed: each byte has the same chance, whatever was made before.</summary>
    private long NextGap() => _limiter is null ? HeapInterval : (long)(_interval * -Math.Log(1 - Random.Shared.NextDouble()));
}
