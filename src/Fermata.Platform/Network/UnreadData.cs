using System.Net;

namespace Fermata.Platform.Network;

/// <summary>Data that calls took from a socket and gave back: what the next ones receive.</summary>
internal sealed class UnreadData
{
    private readonly LinkedList<(ReadOnlyMemory<byte> Bytes, EndPoint? From)> _data = [];

    public bool IsEmpty => _data.Count == 0;

    /// <summary>How many bytes can be received at once.</summary>
    public int Available => _data.First?.Value.Bytes.Length ?? 0;

    public void Return(ReadOnlyMemory<byte> bytes, EndPoint? from) => _data.AddFirst((bytes, from));

    /// <summary>Takes the next bytes, or looks at them.</summary>
    /// <param name="buffer">Where they go to.</param>
    /// <param name="keepsRest">Whether bytes beyond the buffer are for the next one, as they are in a stream; those of a datagram are lost.</param>
    /// <param name="isPeek">Whether they stay.</param>
    public Received Take(Span<byte> buffer, bool keepsRest, bool isPeek)
    {
        var (bytes, from) = _data.First!.Value;
        var count = Math.Min(buffer.Length, bytes.Length);
        bytes.Span[..count].CopyTo(buffer);
        if (!isPeek)
        {
            _data.RemoveFirst();
            if (keepsRest && count < bytes.Length)
                _data.AddFirst((bytes[count..], from));
        }

        return new Received(count, from, IsTruncated: !keepsRest && count < bytes.Length);
    }
}
