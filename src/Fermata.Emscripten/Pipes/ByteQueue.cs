namespace Fermata.Emscripten.Pipes;

/// <summary>Bytes that are taken in the order in which they came, and may be put back before all others.</summary>
internal sealed class ByteQueue
{
    private const int SmallestRoom = 256;

    private byte[] _bytes = [];
    private int _start;

    public int Count { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        MakeRoom(0, bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_start + Count));
        Count += bytes.Length;
    }

    /// <summary>Takes as many bytes as there are and fit.</summary>
    /// <returns>How many.</returns>
    public int Take(Span<byte> target)
    {
        var taken = Math.Min(target.Length, Count);
        _bytes.AsSpan(_start, taken).CopyTo(target);
        _start += taken;
        Count -= taken;
        return taken;
    }

    public void PutBack(ReadOnlySpan<byte> bytes)
    {
        MakeRoom(bytes.Length, 0);
        _start -= bytes.Length;
        Count += bytes.Length;
        bytes.CopyTo(_bytes.AsSpan(_start));
    }

    public void Clear() => (_bytes, _start, Count) = ([], 0, 0);

    /// <summary>Makes room before and behind the bytes. So much is left free that each byte is moved a few times at most.</summary>
    private void MakeRoom(int before, int behind)
    {
        if (_start >= before && _bytes.Length - _start - Count >= behind)
            return;
        var needed = before + Count + behind;
        var target = needed <= _bytes.Length / 2 ? _bytes : new byte[Math.Max(SmallestRoom, 2 * needed)];
        _bytes.AsSpan(_start, Count).CopyTo(target.AsSpan(before));
        (_bytes, _start) = (target, before);
    }
}
