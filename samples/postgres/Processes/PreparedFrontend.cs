using System.Buffers;

namespace Fermata.Samples.Postgres;

/// <summary>A frontend whose messages are there before the first is answered.</summary>
/// <param name="messages">The messages.</param>
internal sealed class PreparedFrontend(ReadOnlyMemory<byte> messages) : IFrontend
{
    private readonly ArrayBufferWriter<byte> _received = new();

    /// <summary>Whether all has been read.</summary>
    public bool IsRead => messages.IsEmpty;

    /// <summary>The answers.</summary>
    public ReadOnlyMemory<byte> Received => _received.WrittenMemory;

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(int length)
    {
        var read = messages[..Math.Min(messages.Length, length)];
        messages = messages[read.Length..];
        return ValueTask.FromResult(read);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        _received.Write(bytes.Span);
        return ValueTask.CompletedTask;
    }
}
