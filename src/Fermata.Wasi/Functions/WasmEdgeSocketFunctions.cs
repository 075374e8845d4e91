using System.Net;
using Fermata.Platform;
using Fermata.Platform.Network;

namespace Fermata.Wasi.Functions;

/// <summary>What WasmEdge adds to the sockets of preview 1: they are made, bound and connected by the program, and datagrams have addresses.</summary>
internal static class WasmEdgeSocketFunctions
{
    public static int SockOpen(Caller caller, int family, int type, int result)
    {
        var context = WasiContext.Of(caller);
        if (context.Network is null)
            return (int)Errno.EACCES;
        if (!SocketNumbers.ToFamily(family).TryGet(out var addressFamily))
            return (int)Errno.EAFNOSUPPORT;
        if (!SocketNumbers.ToType(type).TryGet(out var socketType))
            return (int)Errno.EPROTOTYPE;
        var opened = GuestSocket.Open(context.Network, addressFamily, socketType);
        if (!opened.TryGet(out var socket))
            return (int)opened.Error;
        var added = context.Descriptors.Add(new SocketDescriptor(socket, FdFlags.None));
        if (added.Error != Errno.None)
            socket.Dispose();
        return HostCall.Write(caller, added, result);
    }

    public static int SockBind(Caller caller, int fd, int address, int port) =>
        Find(caller, fd, out var socket) is var error && error != Errno.None ? (int)error
        : SocketAddress.Read(caller, address, port) is var read && read.TryGet(out var found) ? (int)socket.Socket.Bind(found)
        : (int)read.Error;

    public static int SockListen(Caller caller, int fd, int backlog) =>
        (int)(Find(caller, fd, out var socket) is var error && error != Errno.None ? error : socket.Socket.Listen(backlog));

    public static ValueTask<Result<Accepted>> SockAccept(Caller caller, int fd, int result, CancellationToken cancellationToken) =>
        SocketFunctions.SockAccept(caller, fd, 0, result, cancellationToken);

    public static int CompleteAccept(Caller caller, Result<Accepted> accepted, int fd, int result) =>
        SocketFunctions.CompleteAccept(caller, accepted, fd, 0, result);

    public static ValueTask<int> SockConnect(Caller caller, int fd, int address, int port, CancellationToken cancellationToken) =>
        SocketFunctions.UseAsync(
            caller, fd, Rights.None, SocketAddress.Read(caller, address, port),
            static (socket, to, token) => to.TryGet(out var found) ? socket.Socket.ConnectAsync(found, socket.IsNonblocking, token) : new(to.Error),
            cancellationToken);

    public static ValueTask<SocketFunctions.Reception> SockRecvFrom(
        Caller caller, int fd, int vectors, int count, int address, int flags, int port, int result, int resultFlags, CancellationToken cancellationToken) =>
        SocketFunctions.SockRecv(caller, fd, vectors, count, flags, result, resultFlags, cancellationToken);

    public static ValueTask<SocketFunctions.Reception> SockRecvFromWithoutPort(
        Caller caller, int fd, int vectors, int count, int address, int flags, int result, int resultFlags, CancellationToken cancellationToken) =>
        SocketFunctions.SockRecv(caller, fd, vectors, count, flags, result, resultFlags, cancellationToken);

    public static int CompleteRecvFrom(
        Caller caller, SocketFunctions.Reception reception, int fd, int vectors, int count, int address, int flags, int port, int result, int resultFlags)
    {
        var error = CompleteRecvFromWithoutPort(caller, reception, fd, vectors, count, address, flags, result, resultFlags);
        if (error == (int)Errno.None && reception.Received.Value.From is IPEndPoint from)
            caller.Write(port, (ushort)from.Port);
        return error;
    }

    public static int CompleteRecvFromWithoutPort(
        Caller caller, SocketFunctions.Reception reception, int fd, int vectors, int count, int address, int flags, int result, int resultFlags)
    {
        var error = SocketFunctions.CompleteRecv(caller, reception, fd, vectors, count, flags, result, resultFlags);
        return error == (int)Errno.None && reception.Received.Value.From is IPEndPoint from ? (int)SocketAddress.Write(caller, address, from.Address) : error;
    }

    public static async ValueTask<ReadWriteFunctions.Transfer> SockSendTo(
        Caller caller, int fd, int vectors, int count, int address, int port, int flags, int result, CancellationToken cancellationToken)
    {
        var to = SocketAddress.Read(caller, address, port);
        if (!to.TryGet(out var found) || IoBuffer.HasTooMany(count) || flags != 0)
            return new ReadWriteFunctions.Transfer(default, to.Error == Errno.None ? Errno.EINVAL : to.Error);
        var buffer = IoBuffer.Gather(caller, vectors, count);
        return new ReadWriteFunctions.Transfer(buffer, await SocketFunctions.UseAsync(
            caller, fd, Rights.FdWrite, (buffer, found), static (socket, state, token) => socket.Socket.SendToAsync(state.buffer.Memory, state.found, socket.IsNonblocking, token),
            cancellationToken).ConfigureAwait(false));
    }

    public static int CompleteSendTo(
        Caller caller, ReadWriteFunctions.Transfer transfer, int fd, int vectors, int count, int address, int port, int flags, int result) =>
        ReadWriteFunctions.CompleteWrite(caller, transfer, fd, vectors, count, result);

    /// <summary>Finds a socket for something that is done at once.</summary>
    public static Errno Find(Caller caller, int fd, out SocketDescriptor socket)
    {
        var error = WasiContext.Of(caller).Descriptors.Peek(fd, Rights.None, out var descriptor);
        socket = (descriptor as SocketDescriptor)!;
        return error != Errno.None ? error : socket is null ? Errno.ENOTSOCK : Errno.None;
    }
}
