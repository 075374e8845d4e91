namespace Fermata.Samples.SqliteAsync;

/// <summary>A database whose pages are in a store.</summary>
internal sealed class PageFile(PageStore store, string name, FileLocks locks) : ISqliteFile
{
    /// <summary>Reads of one page or of a part of it, as SQLite reads databases.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        var (page, start) = Math.DivRem(offset, PageStore.PageBytes);
        if (start + buffer.Length > PageStore.PageBytes)
            throw new IOException($"{buffer.Length} bytes at {offset} are on more than one page. The database has pages of another size.");
        if (await store.GetAsync(name, page, cancellationToken) is not { } bytes)
            return 0;
        bytes.AsSpan((int)start, buffer.Length).CopyTo(buffer.Span);
        return buffer.Length;
    }

    /// <summary>Writes a page.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken)
    {
        if (bytes.Length != PageStore.PageBytes || offset % PageStore.PageBytes != 0)
            throw new IOException($"{bytes.Length} bytes at {offset} are not a page. The database has pages of another size.");
        await store.PutAsync(name, offset / PageStore.PageBytes, bytes, cancellationToken);
    }

    public async ValueTask TruncateAsync(long length, CancellationToken cancellationToken) =>
        await store.TruncateAsync(name, length / PageStore.PageBytes, cancellationToken);

    // A page that was put is there.
    public ValueTask SyncAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async ValueTask<long> GetLengthAsync(CancellationToken cancellationToken) => await store.GetPageCountAsync(name, cancellationToken) * PageStore.PageBytes;

    public ValueTask<bool> TryLockAsync(LockLevel level, CancellationToken cancellationToken) => new(locks.TryLock(this, level));

    public ValueTask UnlockAsync(LockLevel level, CancellationToken cancellationToken)
    {
        locks.Unlock(this, level);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> IsReservedAsync(CancellationToken cancellationToken) => new(locks.IsReserved());

    public ValueTask DisposeAsync()
    {
        locks.Unlock(this, LockLevel.None);
        return ValueTask.CompletedTask;
    }
}
