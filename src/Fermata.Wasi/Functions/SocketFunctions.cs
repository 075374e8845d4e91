using System.Net.Sockets;
using Fermata.Platform;

namespace Fermata.Wasi.Functions;

/// <summary>Sockets, which a program can only have been given: preview 1 makes none.</summary>
internal static class SocketFunctions
{
    private const int Peek = 1;
    private const int WaitAll = 2;

    public static ValueTask<Result<int>> SockAccept(Caller caller, int fd, int flags, int result, CancellationToken cancellationToken) =>
        HostCall.UseAsync(
            caller, fd, Rights.SockAccept, (WasiContext.Of(caller).Descriptors, Flags: (FdFlags)flags),
            static async (descriptor, state, token) =>
            {
                if (descriptor is not SocketDescriptor socket)
                    return Errno.ENOTSOCK;
                if ((state.Flags & ~FdFlags.All) != 0)
                    return Errno.EINVAL;
                var accepted = await socket.AcceptAsync(token).ConfigureAwait(false);
                if (!accepted.TryGet(out var connection))
                    return accepted.Error;
                var added = state.Descriptors.Add(new SocketDescriptor(connection, isOwned: true, state.Flags));
                if (added.Error != Errno.None)
                    connection.Dispose();
                return added;
            }, cancellationToken);

    public static int CompleteAccept(Caller caller, Result<int> accepted, int fd, int flags, int result) => HostCall.Write(caller, accepted, result);

    public static async ValueTask<ReadWriteFunctions.Transfer> SockRecv(
        Caller caller, int fd, int vectors, int count, int flags, int result, int resultFlags, CancellationToken cancellationToken)
    {
        if (IoBuffer.HasTooMany(count) || (flags & ~(Peek | WaitAll)) != 0)
            return new ReadWriteFunctions.Transfer(default, Errno.EINVAL);
        var buffer = IoBuffer.Rent(caller, vectors, count);
        return new ReadWriteFunctions.Transfer(buffer, await HostCall.UseAsync(
            caller, fd, Rights.FdRead, (buffer, flags), static (descriptor, state, token) => ReceiveAsync(descriptor, state.buffer.Memory, state.flags, token),
            cancellationToken).ConfigureAwait(false));
    }

    public static int CompleteRecv(
        Caller caller, ReadWriteFunctions.Transfer transfer, int fd, int vectors, int count, int flags, int result, int resultFlags)
    {
        if (transfer.Count.Error == Errno.None)
            caller.Memory.Write(resultFlags, (ushort)0);
        return ReadWriteFunctions.CompleteRead(caller, transfer, fd, vectors, count, result);
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
                : how switch
                {
                    1 => socket.Shutdown(SocketShutdown.Receive),
                    2 => socket.Shutdown(SocketShutdown.Send),
                    3 => socket.Shutdown(SocketShutdown.Both),
                    _ => Errno.EINVAL,
                }),
            cancellationToken);

    private static async ValueTask<Result<int>> ReceiveAsync(Descriptor descriptor, Memory<byte> buffer, int flags, CancellationToken cancellationToken)
    {
        if (descriptor is not SocketDescriptor socket)
            return Errno.ENOTSOCK;
        if ((flags & Peek) != 0)
            return await socket.ReceiveAsync(buffer, SocketFlags.Peek, cancellationToken).ConfigureAwait(false);
        var total = 0;
        do
        {
            var received = await socket.ReceiveAsync(buffer[total..], SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (!received.TryGet(out var bytes))
                return total > 0 ? total : received.Error;
            if (bytes == 0)
                break;
            total += bytes;
        }
        while ((flags & WaitAll) != 0 && total < buffer.Length);

        return total;
    }
}
