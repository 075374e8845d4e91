namespace Fermata.Samples.SqliteAsync;

/// <summary>A file that SQLite has opened. Disposing it closes it.</summary>
internal interface ISqliteFile : IAsyncDisposable
{
    /// <summary>Reads.</summary>
    /// <returns>How many bytes: fewer than there is room for only at the end of the file.</returns>
    ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken);

    /// <summary>Writes all.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken);

    /// <summary>Makes the file shorter.</summary>
    ValueTask TruncateAsync(long length, CancellationToken cancellationToken);

    /// <summary>Waits until what was written lasts.</summary>
    ValueTask SyncAsync(CancellationToken cancellationToken);

    /// <summary>The length in bytes.</summary>
    ValueTask<long> GetLengthAsync(CancellationToken cancellationToken);

    /// <summary>Takes a higher lock than the file has.</summary>
    /// <returns>Whether it was there to be taken; if not, SQLite asks again later, or its call fails with <see cref="ResultCode.Busy"/>.</returns>
    ValueTask<bool> TryLockAsync(LockLevel level, CancellationToken cancellationToken);

    /// <summary>Goes back to a lower lock.</summary>
    ValueTask UnlockAsync(LockLevel level, CancellationToken cancellationToken);

    /// <summary>Whether anybody has a lock of <see cref="LockLevel.Reserved"/> or above.</summary>
    ValueTask<bool> IsReservedAsync(CancellationToken cancellationToken);
}
