using System.Buffers;
using System.IO.Compression;

namespace Fermata.Platform.FileSystems;

/// <summary>
/// A file of a zip archive. It is decompressed when it is first read, and kept as long as it is open; after that until the garbage collector needs the memory.
/// </summary>
/// <param name="entry">The entry.</param>
/// <param name="archiveLock">Held while the archive is read, which one thread at a time may do.</param>
/// <param name="budget">What the bytes are taken from while the file is open.</param>
/// <param name="problem">Tells what is wrong with the entry.</param>
internal sealed class ZipContent(ZipArchiveEntry entry, Lock archiveLock, ByteBudget budget, Func<string, Exception?, InvalidDataException> problem) : ArchiveContent
{
    private const int PieceBytes = 64 << 10;

    private readonly Lock _lock = new();
    private readonly WeakReference<SparseBytes> _kept = new(null!);
    private SparseBytes? _bytes;
    private int _handles;

    public override long Length => entry.Length;

    public override void WasOpened()
    {
        lock (_lock)
            _handles++;
    }

    public override void WasClosed()
    {
        lock (_lock)
        {
            if (--_handles > 0 || _bytes is null)
                return;
            _bytes = null;
            budget.Return(Length);
        }
    }

    public override Result<int> Read(Span<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        SparseBytes bytes;
        using (new LockScope(_lock, cancellationToken))
        {
            if (_bytes is null)
            {
                if (!budget.TryTake(Length))
                    return Errno.ENOMEM;
                try
                {
                    _bytes = _kept.TryGetTarget(out var kept) ? kept : Decompress(cancellationToken);
                }
                finally
                {
                    if (_bytes is null)
                        budget.Return(Length);
                }
            }

            bytes = _bytes;
        }

        return bytes.Read(buffer, offset);
    }

    private SparseBytes Decompress(CancellationToken cancellationToken)
    {
        var bytes = new SparseBytes(new ByteBudget(long.MaxValue));
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            using (new LockScope(archiveLock, cancellationToken))
            {
                using var stream = FromArchive(() => entry.Open());
                for (var count = FromArchive(() => stream.Read(buffer)); count > 0; count = FromArchive(() => stream.Read(buffer)))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (count > Length - bytes.Length)
                        throw problem("has more content than it says", null);
                    bytes.Write(buffer.AsSpan(0, count), bytes.Length);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (bytes.Length < Length)
            throw problem("has less content than it says", null);
        _kept.SetTarget(bytes);
        return bytes;
    }

    private T FromArchive<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException)
        {
            throw problem("cannot be decompressed", e);
        }
    }
}
