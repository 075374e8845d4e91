namespace Fermata;

/// <summary>A store as it was when the snapshot was made. Its calls go on when they are <see cref="Resume">told</see> to.</summary>
public sealed class RestoredStore
{
    private bool _isResumed;

    internal RestoredStore(Store store, IReadOnlyList<Instance> instances, IReadOnlyList<RestoredCall> calls, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> data)
    {
        Data = data;
        Store = store;
        Instances = instances;
        Calls = calls;
        Pending = [.. calls.Select(call => call.Pending).OfType<PendingImport>()];
        foreach (var pending in Pending)
            pending.Owner = this;
    }

    /// <summary>The store, which whoever has restored it disposes.</summary>
    public Store Store { get; }

    /// <summary>What data of the host was when the snapshot was made, by name (<see cref="ISnapshotData"/>). Whoever can write the snapshot can write this.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Data { get; }

    /// <summary>Its instances, in the order in which they were made.</summary>
    public IReadOnlyList<Instance> Instances { get; }

    /// <summary>The promising calls that had not ended, in the order in which they started.</summary>
    public IReadOnlyList<RestoredCall> Calls { get; }

    /// <summary>
    /// The calls of suspending imports for which they wait. Those that are not answered before <see cref="Resume"/> are made again, with the same arguments and the same
    /// <see cref="CallKey"/>.
    /// </summary>
    public IReadOnlyList<PendingImport> Pending { get; }

    /// <summary>The call with a key.</summary>
    /// <param name="key">What the host gave with <see cref="Function.InvokeAsync(string, ReadOnlySpan{Value}, CancellationToken)"/>.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public RestoredCall Call(string key) => Calls.FirstOrDefault(call => call.Key == key)
        ?? throw new KeyNotFoundException($"The snapshot has no call with the key '{key}'. It has {Calls.Count}.");

    /// <summary>Has the calls go on: those that wait for an import call it again, unless it was answered.</summary>
    /// <exception cref="InvalidOperationException">They go on already.</exception>
    public void Resume()
    {
        RequirePaused();
        _isResumed = true;
        foreach (var call in Calls)
            call.Fiber.GoOn();
    }

    internal void RequirePaused()
    {
        if (_isResumed)
            throw new InvalidOperationException("The calls of the restored store go on already.");
    }
}
