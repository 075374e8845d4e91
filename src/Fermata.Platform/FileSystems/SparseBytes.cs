using System.Numerics;

namespace Fermata.Platform.FileSystems;

/// <summary>The bytes of a file in memory, in chunks that are made when they are first written, so that holes take nothing. For one thread at a time.</summary>
/// <param name="budget">What the chunks are taken from.</param>
internal sealed class SparseBytes(ByteBudget budget)
{
    private const int ChunkSize = 64 << 10;

    /// <summary>The last chunk of a file is no longer than it must be, in powers of two from this on, so that many small files take little.</summary>
    private const int SmallestChunk = 1 << 10;

    /// <summary>Chunks by their number. What lies behind a chunk's end, or behind <see cref="Length"/>, is zero.</summary>
    private Dictionary<long, byte[]> _chunks = [];

    /// <summary>How many bytes all chunks take.</summary>
    private long _taken;

    public long Length { get; private set; }

    /// <summary>Reads up to the end.</summary>
    /// <param name="buffer">Where the bytes go to.</param>
    /// <param name="offset">Where they are, not negative.</param>
    /// <returns>How many were read.</returns>
    public int Read(Span<byte> buffer, long offset)
    {
        var count = (int)Math.Min(buffer.Length, Math.Max(0, Length - offset));
        for (var left = buffer[..count]; left.Length > 0;)
        {
            var (number, start) = Locate(offset);
            var piece = left[..Math.Min(left.Length, ChunkSize - start)];
            var present = _chunks.TryGetValue(number, out var chunk) ? chunk.AsSpan(Math.Min(start, chunk.Length)) : default;
            present = present[..Math.Min(present.Length, piece.Length)];
            present.CopyTo(piece);
            piece[present.Length..].Clear();
            left = left[piece.Length..];
            offset += piece.Length;
        }

        return count;
    }

    /// <summary>Writes as much as the budget allows.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="offset">Where they go to, not negative.</param>
    /// <returns>How many were written.</returns>
    public int Write(ReadOnlySpan<byte> buffer, long offset)
    {
        var left = buffer;
        while (left.Length > 0)
        {
            var (number, start) = Locate(offset);
            var piece = left[..Math.Min(left.Length, ChunkSize - start)];
            if (!TryGetChunk(number, start + piece.Length, out var chunk))
                break;
            piece.CopyTo(chunk.AsSpan(start));
            left = left[piece.Length..];
            offset += piece.Length;
            Length = Math.Max(Length, offset);
        }

        return buffer.Length - left.Length;
    }

    /// <summary>Makes chunks for a range, all of them or none, and the file at least that long.</summary>
    /// <param name="offset">Where the range begins, not negative.</param>
    /// <param name="length">Its length, more than 0.</param>
    /// <param name="cancellationToken">Ends it; chunks that have been made stay.</param>
    /// <returns>Whether the budget allowed it.</returns>
    public bool TryAllocate(long offset, long length, CancellationToken cancellationToken)
    {
        var (first, _) = Locate(offset);
        var (last, end) = Locate(offset + length - 1);
        var lastSize = SizeFor(end + 1);
        var wanted = ((Int128)(last - first) * ChunkSize) + lastSize;
        if (wanted - CountPresent(first, last, lastSize, cancellationToken) > budget.Left)
            return false;
        for (var number = first; number <= last; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!TryGetChunk(number, number == last ? lastSize : ChunkSize, out _))
                return false;
        }

        Length = Math.Max(Length, offset + length);
        return true;
    }

    /// <summary>Drops what is behind a length, or adds zeros up to it.</summary>
    /// <param name="length">The length.</param>
    /// <param name="cancellationToken">Ends it; some of what was to be dropped is zero then.</param>
    public void SetLength(long length, CancellationToken cancellationToken)
    {
        if (length < Length)
            DropFrom(length, cancellationToken);
        Length = length;
    }

    /// <summary>Drops all.</summary>
    public void Clear()
    {
        // Not one by one: there may be a million.
        _chunks = [];
        budget.Return(_taken);
        (_taken, Length) = (0, 0);
    }

    private static (long Chunk, int Start) Locate(long offset) => (offset / ChunkSize, (int)(offset % ChunkSize));

    private void DropFrom(long length, CancellationToken cancellationToken)
    {
        var (last, rest) = Locate(length);
        foreach (var (number, chunk) in _chunks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (number < last || (number == last && rest > 0))
                continue;
            _chunks.Remove(number);
            _taken -= chunk.Length;
            budget.Return(chunk.Length);
        }

        if (_chunks.TryGetValue(last, out var cut) && rest < cut.Length)
            cut.AsSpan(rest).Clear();
    }

    /// <summary>How many bytes chunks have of those that a range needs.</summary>
    private long CountPresent(long first, long last, int lastSize, CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var (number, chunk) in _chunks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (number >= first && number <= last)
                count += Math.Min(chunk.Length, number == last ? lastSize : ChunkSize);
        }

        return count;
    }

    private static int SizeFor(int length) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, SmallestChunk));

    /// <summary>Gets a chunk that has at least a number of bytes.</summary>
    private bool TryGetChunk(long number, int length, out byte[] chunk)
    {
        chunk = _chunks.GetValueOrDefault(number, []);
        if (chunk.Length >= length)
            return true;
        var wanted = SizeFor(length);
        if (!budget.TryTake(wanted - chunk.Length))
            return false;
        _taken += wanted - chunk.Length;
        Array.Resize(ref chunk, wanted);
        _chunks[number] = chunk;
        return true;
    }
}
