using System.Net;
using System.Net.Sockets;

namespace Fermata.Platform.Network;

/// <summary>A socket of a sandboxed program: what POSIX says of sockets, on one of .NET, where the policy of a network allows it.</summary>
/// <remarks>
/// <para>The socket below never blocks a thread: a call tries first, and waits for the socket to be ready where it is to.</para>
/// <para>
/// A call that is cancelled takes nothing away: connections stay in the queue, and what was received already is given back for the next
/// call, in its order (<see cref="Delivery"/>).
/// </para>
/// </remarks>
internal sealed partial class GuestSocket : IDisposable
{
    private readonly Lock _lock = new();
    private readonly NetworkAccess? _network;
    private readonly bool _isOwned;
    private Socket _socket;
    private ConnectionQueue? _connections;

    /// <summary>What a wait found out, for the next call to tell.</summary>
    private Errno _error;

    /// <summary>Whether the program has said that it sends nothing more.</summary>
    private bool _sendsNoMore;

    /// <summary>Makes one of a socket of the host.</summary>
    /// <param name="socket">The socket, connected or listening.</param>
    /// <param name="isOwned">Whether it is disposed with this.</param>
    /// <param name="network">What it may be used for; null if it is only used as it is.</param>
    public GuestSocket(Socket socket, bool isOwned, NetworkAccess? network = null)
    {
        (_socket, _isOwned, _network) = (socket, isOwned, network);
        socket.Blocking = false;
        _data = new SharedWait(WaitForDataAsync);
        if (IsStream && socket.IsBound && IsSet(SocketOptionName.AcceptConnection))
            _connections = new ConnectionQueue(socket);
    }

    public AddressFamily Family => _socket.AddressFamily;

    public bool IsStream => _socket.SocketType == SocketType.Stream;

    public bool IsListening => _connections is not null;

    private TransportProtocols Protocol => IsStream ? TransportProtocols.Tcp : TransportProtocols.Udp;

    /// <summary>Makes a socket for a program.</summary>
    public static Result<GuestSocket> Open(NetworkAccess network, AddressFamily family, SocketType type)
    {
        try
        {
            return new GuestSocket(new Socket(family, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp), isOwned: true, network);
        }
        catch (SocketException e)
        {
            return SocketErrors.ToErrno(e.SocketErrorCode);
        }
    }

    /// <summary>Takes an address of this machine.</summary>
    public Errno Bind(IPEndPoint address)
    {
        if (_network?.MayListen(address, Protocol) != true)
            return Errno.EACCES;
        return Try(() => _socket.Bind(address));
    }

    /// <summary>Begins to listen for connections.</summary>
    public Errno Listen(int backlog)
    {
        if (!IsStream)
            return Errno.ENOTSUP;
        if (!_socket.IsBound && Bind(new IPEndPoint(Family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0)) is var error && error != Errno.None)
            return error;
        return Try(() =>
        {
            _socket.Listen(Math.Clamp(backlog, 0, int.MaxValue));
            _connections ??= new ConnectionQueue(_socket);
        });
    }

    /// <summary>Takes a connection.</summary>
    /// <returns><see cref="Errno.EAGAIN"/> if there is none and nobody is to wait, or nobody any longer.</returns>
    public async ValueTask<Result<Accepted>> AcceptAsync(bool isNonblocking, CancellationToken cancellationToken)
    {
        if (_connections is not { } connections)
            return IsStream ? Errno.EINVAL : Errno.ENOTSUP;
        using var limit = isNonblocking ? null : ReceiveTimeout?.Begin(cancellationToken);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var taken = connections.TryTake();
            if (taken.TryGet(out var connection))
            {
                Action giveBack = () => connections.Return(connection);
                return new Accepted(
                    new GuestSocket(connection, isOwned: true, _network) { ReceiveTimeout = ReceiveTimeout, SendTimeout = SendTimeout },
                    giveBack, cancellationToken.CanBeCanceled ? new Delivery(_lock, giveBack, cancellationToken) : null);
            }

            if (taken.Error != Errno.EAGAIN || isNonblocking)
                return taken.Error;
            if (!await TimeLimit.WaitAsync(limit, connections.WaitAsync, cancellationToken).ConfigureAwait(false))
                return Errno.EAGAIN;
        }
    }

    public Errno Shutdown(SocketShutdown how)
    {
        var error = Try(() => _socket.Shutdown(how));
        _sendsNoMore |= error == Errno.None && how != SocketShutdown.Receive;
        return error;
    }

    /// <summary>The address of this end.</summary>
    public Result<IPEndPoint> GetLocalAddress() => GetAddress(static socket => socket.LocalEndPoint ?? new IPEndPoint(AnyOf(socket.AddressFamily), 0));

    /// <summary>The address of the other end.</summary>
    public Result<IPEndPoint> GetPeerAddress() => GetAddress(static socket => socket.RemoteEndPoint);

    public void Dispose()
    {
        if (!_isOwned)
            return;
        _end.Cancel();
        _connections?.Dispose();
        lock (_lock)
            _socket.Dispose();
    }

    private static IPAddress AnyOf(AddressFamily family) => family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;

    private static Errno Try(Action action)
    {
        try
        {
            action();
            return Errno.None;
        }
        catch (Exception e) when (SocketErrors.Of(e) is { } error)
        {
            return error;
        }
    }

    private Result<IPEndPoint> GetAddress(Func<Socket, EndPoint?> get)
    {
        try
        {
            return get(_socket) switch
            {
                IPEndPoint address => address,
                null => Errno.ENOTCONN,
                _ => Errno.EAFNOSUPPORT,
            };
        }
        catch (Exception e) when (SocketErrors.Of(e) is { } error)
        {
            return error;
        }
    }
}
