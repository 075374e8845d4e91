using System.Net;
using Fermata.Emscripten.Abi;
using Fermata.Platform;
using Fermata.Platform.Network;
using Fermata.Wasi;
using Fermata.Wasi.Functions;
using Shared = Fermata.Wasi.Functions.SocketFunctions;
using SocketNumbers = Fermata.Emscripten.Abi.SocketNumbers;

namespace Fermata.Emscripten.Functions;

/// <summary>Sockets. Their system calls have six parameters each, of which the last ones mean nothing.</summary>
internal static class SocketFunctions
{
    public static int Socket(Caller caller, int family, int type, int protocol, int unused1, int unused2, int unused3)
    {
        var flags = (FileFlags)type & SocketNumbers.TypeFlags;
        type &= ~(int)SocketNumbers.TypeFlags;
        if (!SocketNumbers.ToFamily(family).TryGet(out var addressFamily, out var error) || !SocketNumbers.ToType(type).TryGet(out var socketType, out error))
            return -(int)error;
        if (protocol != 0 && protocol != SocketNumbers.ProtocolOf(type))
            return -(int)Errno.EPROTONOSUPPORT;
        var context = WasiContext.Of(caller);
        if (context.Network is not { } network)
            return -(int)Errno.EACCES;
        var opened = GuestSocket.Open(network, addressFamily, socketType);
        if (!opened.TryGet(out var socket))
            return -(int)opened.Error;
        var added = context.Descriptors.Add(new SocketDescriptor(socket, Opening.ToStatusFlags(flags)));
        if (added.Error != Errno.None)
            socket.Dispose();
        return FileFunctions.ToResult(added);
    }

    public static int Bind(Caller caller, int fd, int address, int length, int unused1, int unused2, int unused3) =>
        !Find(caller, fd).TryGet(out var socket, out var error) || !SockAddr.Read(caller, address, length).TryGet(out var to, out error) ? -(int)error : -(int)socket.Bind(to);

    public static int Listen(Caller caller, int fd, int backlog, int unused1, int unused2, int unused3, int unused4) =>
        Find(caller, fd).TryGet(out var socket, out var error) ? -(int)socket.Listen(backlog) : -(int)error;

    public static async ValueTask<int> Connect(Caller caller, int fd, int address, int length, int unused1, int unused2, int unused3, CancellationToken cancellationToken) =>
        -await Shared.UseAsync(
            caller, fd, Rights.None, SockAddr.Read(caller, address, length),
            static (socket, to, token) => to.TryGet(out var found) ? socket.Socket.ConnectAsync(found, socket.IsNonblocking, token) : new(to.Error),
            cancellationToken).ConfigureAwait(false);

    public static ValueTask<Result<Accepted>> Accept4(
        Caller caller, int fd, int address, int length, int flags, int unused1, int unused2, CancellationToken cancellationToken) =>
        ((FileFlags)flags & ~SocketNumbers.TypeFlags) != 0
            ? new(Errno.EINVAL)
            : Shared.UseAsync(caller, fd, Rights.SockAccept, 0, static (socket, _, token) => socket.Socket.AcceptAsync(socket.IsNonblocking, token), cancellationToken);

    public static int CompleteAccept4(Caller caller, Result<Accepted> accepted, int fd, int address, int length, int flags, int unused1, int unused2)
    {
        var added = Shared.AddAccepted(caller, accepted, Opening.ToStatusFlags((FileFlags)flags));
        if (added.Error == Errno.None)
            SockAddr.Write(caller, accepted.Value.Connection.GetPeerAddress().TryGet(out var peer) ? peer : null, address, length);
        return FileFunctions.ToResult(added);
    }

    public static int Getsockname(Caller caller, int fd, int address, int length, int unused1, int unused2, int unused3) =>
        WriteAddress(caller, Find(caller, fd), static socket => socket.GetLocalAddress(), address, length);

    public static int Getpeername(Caller caller, int fd, int address, int length, int unused1, int unused2, int unused3) =>
        WriteAddress(caller, Find(caller, fd), static socket => socket.GetPeerAddress(), address, length);

    /// <summary>The ways are numbered from 0 on, where WASI's are from 1 on.</summary>
    public static async ValueTask<int> Shutdown(Caller caller, int fd, int how, int unused1, int unused2, int unused3, int unused4, CancellationToken cancellationToken) =>
        -await Shared.SockShutdown(caller, fd, unchecked(how + 1), cancellationToken).ConfigureAwait(false);

    /// <summary>Finds a socket for something that is done at once.</summary>
    public static Result<GuestSocket> Find(Caller caller, int fd) =>
        WasmEdgeSocketFunctions.Find(caller, fd, out var socket) is var error && error == Errno.None ? socket.Socket : error;

    private static int WriteAddress(Caller caller, Result<GuestSocket> socket, Func<GuestSocket, Result<IPEndPoint>> get, int address, int length)
    {
        if (!socket.TryGet(out var found, out var error) || !get(found).TryGet(out var end, out error))
            return -(int)error;
        SockAddr.Write(caller, end, address, length);
        return 0;
    }
}
