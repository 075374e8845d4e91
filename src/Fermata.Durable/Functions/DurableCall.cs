namespace Fermata.Durable;

/// <summary>One call of a function of the host that a durable call waits for.</summary>
public sealed class DurableCall
{
    internal DurableCall(string key, string store, CancellationToken cancellationToken) => (Key, Store, CancellationToken) = (key, store, cancellationToken);

    /// <summary>Names the call, the same whenever it is made again because a process ended before the result was recorded. What is done once per key is done once.</summary>
    public string Key { get; }

    /// <summary>The store that waits; unless another was named, it is called as the durable call.</summary>
    public string Store { get; }

    /// <summary>It is cancelled when nobody waits here any more: the call was cancelled, or another process goes on with it, or the host stops.</summary>
    public CancellationToken CancellationToken { get; }
}
