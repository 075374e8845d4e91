using System.Net;
using System.Net.Sockets;

namespace Fermata.Platform.Network;

internal sealed partial class GuestSocket
{
    /// <summary>A socket that cannot take more is asked again after so long at most.</summary>
    private const int LongestPauseMilliseconds = 16;

    /// <summary>Sends bytes, or a datagram to where the socket is connected.</summary>
    /// <returns>How many bytes were sent: all, unless nobody is to wait; <see cref="Errno.EAGAIN"/> if none can be sent and nobody is to wait.</returns>
    public async ValueTask<Result<int>> SendAsync(ReadOnlyMemory<byte> bytes, bool isNonblocking, CancellationToken cancellationToken)
    {
        if (_connecting is { IsCompleted: false })
        {
            if (isNonblocking)
                return Errno.EAGAIN;
            await WaitForConnectionAsync(cancellationToken).ConfigureAwait(false);
        }

        if (TakeError() is var noted && noted != Errno.None)
            return noted;
        try
        {
            var sent = _socket.Send(bytes.Span, SocketFlags.None, out var error);
            if (error is not (SocketError.Success or SocketError.WouldBlock))
                return SocketErrors.ToErrno(error);
            if (isNonblocking)
                return error == SocketError.Success ? sent : Errno.EAGAIN;
            if (error == SocketError.Success && sent == bytes.Length)
                return sent;
            sent = error == SocketError.Success ? sent : 0;
            return sent + await _socket.SendAsync(bytes[sent..], SocketFlags.None, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && SocketErrors.Of(e) is { } error)
        {
            return error;
        }
    }

    /// <summary>Sends a datagram.</summary>
    /// <returns><see cref="Errno.EACCES"/> if it may not be sent there.</returns>
    public async ValueTask<Result<int>> SendToAsync(ReadOnlyMemory<byte> bytes, IPEndPoint address, bool isNonblocking, CancellationToken cancellationToken)
    {
        if (IsStream)
            return _socket.Connected ? Errno.EISCONN : Errno.ENOTCONN;
        if (_network?.MayConnect(address, Protocol) != true)
            return Errno.EACCES;
        try
        {
            if (isNonblocking && !_socket.Poll(TimeSpan.Zero, SelectMode.SelectWrite))
                return Errno.EAGAIN;
            return await _socket.SendToAsync(bytes, SocketFlags.None, address, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && SocketErrors.Of(e) is { } error)
        {
            return error;
        }
    }

    /// <summary>Waits until a send would not wait.</summary>
    /// <remarks>
    /// .NET tells of this only by sending. So a socket that has no room is asked again and again, after 1 ms first and after <see cref="LongestPauseMilliseconds"/> at last.
    /// </remarks>
    public async ValueTask<SocketReadiness> WaitWritableAsync(CancellationToken cancellationToken)
    {
        await WaitForConnectionAsync(cancellationToken).ConfigureAwait(false);
        for (var pause = 1; !_socket.Poll(TimeSpan.Zero, SelectMode.SelectWrite); pause = Math.Min(LongestPauseMilliseconds, 2 * pause))
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        lock (_lock)
            return new SocketReadiness(0, IsHungUp: _error != Errno.None);
    }
}
