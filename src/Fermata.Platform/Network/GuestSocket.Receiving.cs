using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Fermata.Platform.Network;

internal sealed partial class GuestSocket
{
    private const int LongestDatagram = 65_535;

    private readonly UnreadData _unread = new();

    /// <summary>What is on its way to calls, the newest last.</summary>
    private readonly List<Delivery> _deliveries = [];

    private readonly SharedWait _data;

    /// <summary>Receives what is there, or waits for it.</summary>
    /// <param name="buffer">Where the bytes go to. It must stay as it is until they have arrived.</param>
    /// <param name="isPeek">Whether they stay to be received.</param>
    /// <param name="isAll">Whether a stream is to fill the buffer, but for its end or an error.</param>
    /// <param name="isNonblocking">Whether nobody is to wait.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more; nothing is taken then.</param>
    /// <returns>What was received, of a stream nothing at its end; <see cref="Errno.EAGAIN"/> if there is nothing and nobody is to wait, or nobody any longer.</returns>
    public ValueTask<Result<Received>> ReceiveAsync(Memory<byte> buffer, bool isPeek, bool isAll, bool isNonblocking, CancellationToken cancellationToken) =>
        IsStream && buffer.Length == 0 ? new(default(Received))
        : IsStream && isAll ? ReceiveAllAsync(buffer, isPeek, isNonblocking, cancellationToken)
        : ReceiveOnceAsync(buffer, isPeek, isNonblocking, cancellationToken);

    /// <summary>Waits until there is something to receive or a connection to take, or never will be.</summary>
    public async ValueTask<SocketReadiness> WaitReadableAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_connections is { } connections)
            {
                if (connections.HasConnection())
                    return new SocketReadiness(1, IsHungUp: false);
                await connections.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                // Others may have been faster, so that what woke this call need not be there any more.
                if (TryGetReadiness() is { } readiness)
                    return readiness;
                await _data.WaitAsync(HasData, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private SocketReadiness? TryGetReadiness()
    {
        lock (_lock)
        {
            if (HasData())
                return new SocketReadiness(_unread.Available, IsHungUp: _unread.IsEmpty);
            if (_connecting is { IsCompleted: false } || !_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
                return null;
            var available = AvailableBytes();
            return new SocketReadiness(available, IsHungUp: IsStream && available == 0);
        }
    }

    private async ValueTask<Result<Received>> ReceiveOnceAsync(Memory<byte> buffer, bool isPeek, bool isNonblocking, CancellationToken cancellationToken)
    {
        using var limit = isNonblocking ? null : ReceiveTimeout?.Begin(cancellationToken);
        while (true)
        {
            lock (_lock)
            {
                var received = TryReceive(buffer.Span, isPeek, cancellationToken);
                if (received.TryGet(out var data) && !isPeek && (data.Count > 0 || !IsStream))
                    return data with { Delivery = Deliver(() => GiveBack(buffer[..data.Count], data.From), cancellationToken) };
                if (received.Error != Errno.EAGAIN || isNonblocking)
                    return received;
            }

            if (!await WaitForDataAsync(limit, cancellationToken).ConfigureAwait(false))
                return Errno.EAGAIN;
        }
    }

    private async ValueTask<Result<Received>> ReceiveAllAsync(Memory<byte> buffer, bool isPeek, bool isNonblocking, CancellationToken cancellationToken)
    {
        var total = 0;
        var delivery = Deliver(() => GiveBack(buffer[..total], null), cancellationToken);
        using var limit = isNonblocking ? null : ReceiveTimeout?.Begin(cancellationToken);
        while (true)
        {
            lock (_lock)
            {
                var received = TryReceive(buffer.Span[total..], isPeek: false, cancellationToken);
                total += received.TryGet(out var piece) ? piece.Count : 0;
                var isOver = received.Error is not (Errno.None or Errno.EAGAIN);
                if (isOver && total > 0)
                    _error = received.Error;
                if (total == buffer.Length || isOver || (received.Error == Errno.EAGAIN ? isNonblocking : piece.Count == 0))
                {
                    if (isPeek)
                        GiveBack(buffer[..total], null);
                    if (isPeek || total == 0)
                        delivery?.TryArrive();
                    return total == 0 && received.Error != Errno.None ? received : new Received(total, Delivery: isPeek || total == 0 ? null : delivery);
                }

                if (received.Error == Errno.None)
                    continue;
            }

            isNonblocking = !await WaitForDataAsync(limit, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until a receive would not wait.</summary>
    /// <returns>Whether there is still time to wait.</returns>
    private ValueTask<bool> WaitForDataAsync(TimeLimit? limit, CancellationToken cancellationToken) =>
        TimeLimit.WaitAsync(limit, token => _data.WaitAsync(HasData, token), cancellationToken);

    /// <summary>Sends something on its way to a call.</summary>
    private Delivery? Deliver(Action giveBack, CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
            return null;
        var delivery = new Delivery(_lock, giveBack, cancellationToken);
        lock (_lock)
            _deliveries.Add(delivery);
        return delivery;
    }

    private void GiveBack(ReadOnlyMemory<byte> bytes, EndPoint? from)
    {
        if (bytes.IsEmpty && IsStream)
            return;
        _unread.Return(bytes.ToArray(), from);
        _data.Signal();
    }

    /// <summary>Has given back what will not arrive, before anybody receives what came behind it.</summary>
    private void Reclaim()
    {
        for (var i = _deliveries.Count - 1; i >= 0; i--)
        {
            if (_deliveries[i].IsCancelled)
                _deliveries[i].GiveBack();
            if (_deliveries[i].IsOver)
                _deliveries.RemoveAt(i);
        }
    }

    /// <summary>Whether a receive would not wait.</summary>
    private bool HasData()
    {
        lock (_lock)
        {
            Reclaim();
            return !_unread.IsEmpty || _error != Errno.None;
        }
    }

    /// <summary>Receives what is there. The lock is held.</summary>
    private Result<Received> TryReceive(Span<byte> buffer, bool isPeek, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Reclaim();
        if (!_unread.IsEmpty)
            return _unread.Take(buffer, keepsRest: IsStream, isPeek);
        if (TakeError() is var noted && noted != Errno.None)
            return noted;
        if (_connecting is { IsCompleted: false })
            return Errno.EAGAIN;
        try
        {
            if (!IsStream)
                return TryReceiveDatagram(buffer, isPeek);
            var count = _socket.Receive(buffer, isPeek ? SocketFlags.Peek : SocketFlags.None, out var error);
            return error == SocketError.Success ? new Received(count) : SocketErrors.ToErrno(error);
        }
        catch (Exception e) when (SocketErrors.Of(e) is { } error)
        {
            return error;
        }
    }

    /// <summary>Receives a datagram as a whole, to see whether the buffer is too short for it, which .NET does not tell everywhere.</summary>
    private Result<Received> TryReceiveDatagram(Span<byte> buffer, bool isPeek)
    {
        // An exception for each time that there is none would be expensive.
        if (!_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
            return Errno.EAGAIN;
        var whole = ArrayPool<byte>.Shared.Rent(LongestDatagram);
        try
        {
            EndPoint from = new IPEndPoint(AnyOf(Family), 0);
            var length = _socket.ReceiveFrom(whole, 0, LongestDatagram, isPeek ? SocketFlags.Peek : SocketFlags.None, ref from);
            var count = Math.Min(length, buffer.Length);
            whole.AsSpan(0, count).CopyTo(buffer);
            return new Received(count, from, count < length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    /// <summary>Waits until a receive would not wait. What fails is noted for the next receive.</summary>
    private async Task WaitForDataAsync(CancellationToken cancellationToken)
    {
        await WaitForConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Receiving nothing of a stream waits until there is something. Of datagrams it would take one away.
            if (IsStream)
                await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            else
                await _socket.ReceiveAsync(new byte[1], SocketFlags.Peek, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
        {
            // Windows: there is a datagram, and it has more than one byte.
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && SocketErrors.Of(e) is { } error)
        {
            NoteError(error);
        }
    }

    private int AvailableBytes()
    {
        try
        {
            return _socket.Available;
        }
        catch (Exception e) when (SocketErrors.Of(e) is not null)
        {
            return 0;
        }
    }
}
