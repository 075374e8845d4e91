using System.Net;
using System.Net.Sockets;

namespace Fermata.Platform.Network;

internal sealed partial class GuestSocket
{
    /// <summary>A socket that cannot take more is asked again after so long at most.</summary>
    private const int LongestPauseMilliseconds = 16;

    /// <summary>Sends bytes, or a datagram to where the socket is connected.</summary>
    /// <returns>
    /// How many bytes were sent: all, unless nobody is to wait, or nobody any longer; <see cref="Errno.EAGAIN"/> if that is so and none can be sent.
    /// </returns>
    public async ValueTask<Result<int>> SendAsync(ReadOnlyMemory<byte> bytes, bool isNonblocking, CancellationToken cancellationToken)
    {
        using var limit = isNonblocking ? null : SendTimeout?.Begin(cancellationToken);
        if (_connecting is { IsCompleted: false }
            && (isNonblocking || !await TimeLimit.WaitAsync(limit, WaitForConnectionAsync, cancellationToken).ConfigureAwait(false)))
            return Errno.EAGAIN;
        if (TakeError() is var noted && noted != Errno.None)
            return noted;
        try
        {
            var first = TrySend(bytes);
            if (isNonblocking || first.Error is not (Errno.None or Errno.EAGAIN) || (first.TryGet(out var sent) && sent == bytes.Length))
                return first;
            if (limit is not null)
                return await SendWithinAsync(limit, bytes, sent, cancellationToken).ConfigureAwait(false);
            return sent + await _socket.SendAsync(bytes[sent..], SocketFlags.None, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && SocketErrors.Of(e) is { } error)
        {
            return error;
        }
    }

    /// <summary>Sends what can be sent at once.</summary>
    private Result<int> TrySend(ReadOnlyMemory<byte> bytes)
    {
        var sent = _socket.Send(bytes.Span, SocketFlags.None, out var error);
        return error == SocketError.Success ? sent : SocketErrors.ToErrno(error);
    }

    /// <summary>Sends the rest as long as there is time. .NET does not tell how much it has sent when it ends.</summary>
    private async ValueTask<Result<int>> SendWithinAsync(TimeLimit limit, ReadOnlyMemory<byte> bytes, int sent, CancellationToken cancellationToken)
    {
        while (sent < bytes.Length)
        {
            if (!await TimeLimit.WaitAsync(limit, token => WaitWritableAsync(token).AsTask(), cancellationToken).ConfigureAwait(false))
                return sent > 0 ? sent : Errno.EAGAIN;
            var next = TrySend(bytes[sent..]);
            if (next.TryGet(out var count))
                sent += count;
            else if (next.Error != Errno.EAGAIN)
                return sent > 0 ? sent : next;
        }

        return sent;
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
            using var limit = isNonblocking ? null : SendTimeout?.Begin(cancellationToken);
            if ((isNonblocking && !_socket.Poll(TimeSpan.Zero, SelectMode.SelectWrite))
                || (limit is not null && !await TimeLimit.WaitAsync(limit, token => WaitWritableAsync(token).AsTask(), cancellationToken).ConfigureAwait(false)))
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

    /// <summary>Waits until nothing can be sent or received any more, as the connection failed or both sides have said that they send no more.</summary>
    /// <remarks>.NET does not tell of this either (<see cref="WaitWritableAsync"/>).</remarks>
    /// <returns>Why the connection failed, if it did.</returns>
    public async ValueTask<Errno> WaitHungUpAsync(CancellationToken cancellationToken)
    {
        await WaitForConnectionAsync(cancellationToken).ConfigureAwait(false);
        for (var pause = 1; ; pause = Math.Min(LongestPauseMilliseconds, 2 * pause))
        {
            lock (_lock)
            {
                if (_error != Errno.None)
                    return _error;
                if (_socket.Poll(TimeSpan.Zero, SelectMode.SelectError))
                    return Errno.EIO;
                if (_sendsNoMore && TryGetReadiness() is { IsHungUp: true })
                    return Errno.None;
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }
}
