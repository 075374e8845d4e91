using System.Net.Sockets;
using Fermata.Platform;
using Fermata.Platform.Network;

namespace Fermata.Wasi.Functions;

/// <summary>What preview 1 does with sockets, which a program can only have been given.</summary>
internal static class SocketFunctions
{
    private const int Peek = 1;
    private const int WaitAll = 2;

    private static readonly Result<SocketShutdown>[] Ways = [Errno.EINVAL, SocketShutdown.Receive, SocketShutdown.Send, SocketShutdown.Both];

    public static ValueTask<Result<Accepted>> SockAccept(Caller caller, int fd, int flags, int result, CancellationToken cancellationToken) =>
        HostCall.UseAsync(
            caller, fd, Rights.SockAccept, (FdFlags)flags,
            static (descriptor, flags, token) =>
                descriptor is not SocketDescriptor socket ? new(Errno.ENOTSOCK)
                : (flags & ~FdFlags.Nonblock) != 0 ? new(Errno.EINVAL)
                : socket.Socket.AcceptAsync(socket.IsNonblocking, token),
            cancellationToken);

    public static int CompleteAccept(Caller caller, Result<Accepted> accepted, int fd, int flags, int result)
    {
        if (!accepted.TryGet(out var found))
            return (int)accepted.Error;
        if (found.Delivery?.TryArrive() == false)
            return (int)Errno.EINTR;
        var added = WasiContext.Of(caller).Descriptors.Add(new SocketDescriptor(found.Connection, (FdFlags)flags));
        if (added.Error != Errno.None)
            found.Connection.Dispose();
        return HostCall.Write(caller, added, result);
    }

    public static async ValueTask<Reception> SockRecv(
        Caller caller, int fd, int vectors, int count, int flags, int result, int resultFlags, CancellationToken cancellationToken)
    {
        if (IoBuffer.HasTooMany(count) || (flags & ~(Peek | WaitAll)) != 0)
            return new Reception(default, Errno.EINVAL);
        var buffer = IoBuffer.Rent(caller, vectors, count);
        var received = await HostCall.UseAsync(
            caller, fd, Rights.FdRead, (buffer.Memory, flags), static (descriptor, state, token) => ReceiveAsync(descriptor, state.Memory, state.flags, token),
            cancellationToken).ConfigureAwait(false);
        return new Reception(buffer, received);
    }

    public static int CompleteRecv(Caller caller, Reception reception, int fd, int vectors, int count, int flags, int result, int resultFlags)
    {
        if (reception.Received.TryGet(out var received))
        {
            if (received.Delivery?.TryArrive() == false)
                return (int)Errno.EINTR;
            reception.Buffer.Scatter(caller, vectors, count, received.Count);
            caller.Write(result, received.Count);
            caller.Write(resultFlags, received.IsTruncated ? (ushort)1 : (ushort)0);
        }

        reception.Buffer.Return();
        return (int)reception.Received.Error;
    }

    public static async ValueTask<ReadWriteFunctions.Transfer> SockSend(
        Caller caller, int fd, int vectors, int count, int flags, int result, CancellationToken cancellationToken)
    {
        if (IoBuffer.HasTooMany(count) || flags != 0)
            return new ReadWriteFunctions.Transfer(default, Errno.EINVAL);
        var buffer = IoBuffer.Gather(caller, vectors, count);
        return new ReadWriteFunctions.Transfer(buffer, await HostCall.UseAsync(
            caller, fd, Rights.FdWrite, buffer,
            static (descriptor, buffer, token) => descriptor is SocketDescriptor ? descriptor.WriteAsync(buffer.Memory, token) : new(Errno.ENOTSOCK),
            cancellationToken).ConfigureAwait(false));
    }

    public static int CompleteSend(Caller caller, ReadWriteFunctions.Transfer transfer, int fd, int vectors, int count, int flags, int result) =>
        ReadWriteFunctions.CompleteWrite(caller, transfer, fd, vectors, count, result);

    public static ValueTask<int> SockShutdown(Caller caller, int fd, int how, CancellationToken cancellationToken) =>
        HostCall.UseAsync(
            caller, fd, Rights.None, how,
            static (descriptor, how, _) => new(
                descriptor is not SocketDescriptor socket ? Errno.ENOTSOCK
                : (descriptor.Rights & Rights.SockShutdown) == 0 ? Errno.ENOTCAPABLE
                : (uint)how < (uint)Ways.Length && Ways[how].TryGet(out var way) ? socket.Socket.Shutdown(way)
                : Errno.EINVAL),
            cancellationToken);

    private static ValueTask<Result<Received>> ReceiveAsync(Descriptor descriptor, Memory<byte> buffer, int flags, CancellationToken cancellationToken) =>
        descriptor is SocketDescriptor socket
            ? socket.Socket.ReceiveAsync(buffer, (flags & Peek) != 0, (flags & WaitAll) != 0, socket.IsNonblocking, cancellationToken)
            : new(Errno.ENOTSOCK);

    /// <summary>What was received.</summary>
    /// <param name="Buffer">The bytes.</param>
    /// <param name="Received">How many of them, and from where.</param>
    internal readonly record struct Reception(IoBuffer Buffer, Result<Received> Received);
}
