namespace Fermata.Wasi.Functions;

/// <summary>When calls began to wait for a time from then, by the monotonic clock: who is asked again, in a store that is restored, waits for the rest only.</summary>
internal sealed class WaitStarts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CallKey, long> _starts = [];

    /// <summary>All calls that wait, with their starts in nanoseconds.</summary>
    public IReadOnlyList<KeyValuePair<CallKey, long>> ToList()
    {
        lock (_lock)
            return [.. _starts];
    }

    /// <summary>Notes a call of a snapshot.</summary>
    public void Add(CallKey key, long start)
    {
        lock (_lock)
            _starts[key] = start;
    }

    /// <summary>Notes that a call begins to wait, unless it did long ago.</summary>
    /// <param name="caller">Whoever calls.</param>
    /// <param name="now">The monotonic clock.</param>
    /// <returns>What names the call, if it can be suspended, and when it began.</returns>
    public (CallKey? Key, long Start) Begin(Caller caller, long now)
    {
        if (KeyOf(caller) is not { } key)
            return (null, now);
        lock (_lock)
            return (key, _starts.TryGetValue(key, out var start) ? start : _starts[key] = now);
    }

    /// <summary>The call goes on.</summary>
    public void End(Caller caller) => End(KeyOf(caller));

    /// <summary>The call has ended.</summary>
    public void End(CallKey? key)
    {
        if (key is not { } known)
            return;
        lock (_lock)
            _starts.Remove(known);
    }

    private static CallKey? KeyOf(Caller caller) => caller.CanSuspend ? caller.CallKey : null;
}
