namespace Fermata.Samples.SqliteAsync;

/// <summary>A file in memory: a journal, or one that is only for a while.</summary>
internal sealed class MemoryFile : ISqliteFile
{
    private readonly Lock _lock = new();
    private byte[] _bytes = [];
    private int _length;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var count = (int)Math.Clamp(_length - offset, 0, buffer.Length);
            if (count > 0)
                _bytes.AsSpan((int)offset, count).CopyTo(buffer.Span);
            return new(count);
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var end = checked((int)offset + bytes.Length);
            if (end > _bytes.Length)
                Array.Resize(ref _bytes, Math.Max(end, 2 * _bytes.Length));
            bytes.Span.CopyTo(_bytes.AsSpan((int)offset));
            _length = Math.Max(_length, end);
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask TruncateAsync(long length, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (length < _length)
            {
                _bytes.AsSpan((int)length, _length - (int)length).Clear();
                _length = (int)length;
            }

            return ValueTask.CompletedTask;
        }
    }

    public ValueTask SyncAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<long> GetLengthAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return new(_length);
    }

    // SQLite locks databases only.
    public ValueTask<bool> TryLockAsync(LockLevel level, CancellationToken cancellationToken) => new(true);

    public ValueTask UnlockAsync(LockLevel level, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<bool> IsReservedAsync(CancellationToken cancellationToken) => new(false);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
