namespace Fermata.Samples.Postgres;

/// <summary>A client at the other end of a stream. PostgreSQL sees whole messages of it, and not that it is gone.</summary>
/// <param name="stream">The stream.</param>
internal sealed class ClientFrontend(Stream stream) : IFrontend
{
    private readonly byte[] _header = new byte[Messages.HeaderBytes];

    private ReadOnlyMemory<byte> _message;

    /// <summary>Whether the client is gone, or has said that it goes.</summary>
    private bool _isClosed;

    /// <summary>Whether the last message ends a series, behind which the server is ready for another.</summary>
    public bool EndsSeries => Messages.EndsSeries(_header[0]);

    /// <summary>Waits for a message.</summary>
    /// <returns>Whether there is one; if not, the session has ended.</returns>
    public async ValueTask<bool> ReceiveAsync()
    {
        if (_isClosed)
            return false;
        try
        {
            await stream.ReadExactlyAsync(_header);
            _isClosed = _header[0] == Messages.TerminateKind;
            var message = new byte[Messages.LengthOf(_header)];
            _header.CopyTo(message.AsSpan());
            await stream.ReadExactlyAsync(message.AsMemory(_header.Length));
            _message = message;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            _isClosed = true;
        }

        return !_isClosed;
    }

    /// <summary>What is left of the message; or the next, which only COPY reads in the middle of what it does.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(int length)
    {
        if (_message.IsEmpty && !await ReceiveAsync())
            _message = Messages.CopyFail("the client is gone");
        var read = _message[..Math.Min(_message.Length, length)];
        _message = _message[read.Length..];
        return read;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_isClosed)
            return;
        try
        {
            await stream.WriteAsync(bytes);
        }
        catch (IOException)
        {
            _isClosed = true;
        }
    }
}
