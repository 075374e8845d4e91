namespace Fermata.Platform.FileSystems;

/// <summary>A lock that is held until this is disposed. Whoever is cancelled waits for it no longer, as others may do much while they hold it.</summary>
internal readonly ref struct LockScope
{
    /// <summary>How long it is waited at a time.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public LockScope(Lock @lock, CancellationToken cancellationToken)
    {
        _lock = @lock;
        do
            cancellationToken.ThrowIfCancellationRequested();
        while (!@lock.TryEnter(Look));
    }

    public void Dispose() => _lock.Exit();
}
