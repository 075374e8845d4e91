using System.Net;
using Fermata.Emscripten.Abi;
using Fermata.Platform;
using Fermata.Wasi;
using Fermata.Wasi.Functions;
using Shared = Fermata.Wasi.Functions.SocketFunctions;

namespace Fermata.Emscripten.Functions;

/// <summary>What is sent and received through sockets.</summary>
internal static class MessageFunctions
{
    public static ValueTask<int> Sendto(Caller caller, int fd, int buffer, int length, int flags, int address, int addressLength, CancellationToken cancellationToken) =>
        SendAsync(caller, fd, IoBuffer.Gather(caller, [VectorOf(buffer, length)]), flags, address, addressLength, cancellationToken);

    public static ValueTask<int> Sendmsg(Caller caller, int fd, int message, int flags, int unused1, int unused2, int unused3, CancellationToken cancellationToken)
    {
        var header = caller.Read<MessageHeader>(message);
        return IoBuffer.HasTooMany(header.VectorCount)
            ? new(-(int)Errno.EMSGSIZE)
            : SendAsync(caller, fd, IoBuffer.Gather(caller, header.Vectors, header.VectorCount), flags, header.Name, header.NameLength, cancellationToken);
    }

    public static ValueTask<Shared.Reception> Recvfrom(
        Caller caller, int fd, int buffer, int length, int flags, int address, int addressLength, CancellationToken cancellationToken) =>
        ReceiveAsync(caller, fd, IoBuffer.Rent(caller, [VectorOf(buffer, length)]), flags, cancellationToken);

    public static int CompleteRecvfrom(Caller caller, Shared.Reception reception, int fd, int buffer, int length, int flags, int address, int addressLength)
    {
        if (!reception.Arrive(caller).TryGet(out var received, out var error))
            return -(int)error;
        reception.Write(caller, [VectorOf(buffer, length)]);
        SockAddr.Write(caller, received.From as IPEndPoint, address, addressLength);
        return received.Count;
    }

    public static ValueTask<Shared.Reception> Recvmsg(
        Caller caller, int fd, int message, int flags, int unused1, int unused2, int unused3, CancellationToken cancellationToken)
    {
        var header = caller.Read<MessageHeader>(message);
        return IoBuffer.HasTooMany(header.VectorCount)
            ? new(new Shared.Reception(default, Errno.EMSGSIZE))
            : ReceiveAsync(caller, fd, IoBuffer.Rent(caller, header.Vectors, header.VectorCount), flags, cancellationToken);
    }

    /// <summary>There are no control messages.</summary>
    public static int CompleteRecvmsg(Caller caller, Shared.Reception reception, int fd, int message, int flags, int unused1, int unused2, int unused3)
    {
        if (!reception.Arrive(caller).TryGet(out var received, out var error))
            return -(int)error;
        var header = caller.Read<MessageHeader>(message);
        reception.Write(caller, IoBuffer.Vectors(caller, header.Vectors, header.VectorCount));
        caller.Write(message, header with { ControlLength = 0, Flags = received.IsTruncated ? MessageFlags.Truncated : MessageFlags.None });
        SockAddr.Write(caller, received.From as IPEndPoint, header.Name, message + MessageHeader.NameLengthOffset);
        return received.Count;
    }

    private static IoVector VectorOf(int buffer, int length) => new((uint)buffer, (uint)length);

    private static async ValueTask<int> SendAsync(
        Caller caller, int fd, IoBuffer buffer, int flags, int address, int addressLength, CancellationToken cancellationToken)
    {
        Result<IPEndPoint?> to = address == 0 ? (IPEndPoint?)null : SockAddr.Read(caller, address, addressLength) is var read && read.TryGet(out var found) ? found : read.Error;
        var sent = await Shared.UseAsync(
            caller, fd, Rights.FdWrite, (buffer.Memory, Flags: (MessageFlags)flags, to),
            static (socket, message, token) =>
            {
                if ((message.Flags & ~MessageFlags.ForSending) != 0)
                    return new(Errno.EINVAL);
                if (!message.to.TryGet(out var to))
                    return new(message.to.Error);
                var isNonblocking = socket.IsNonblocking || (message.Flags & MessageFlags.DontWait) != 0;
                return to is null ? socket.Socket.SendAsync(message.Memory, isNonblocking, token) : socket.Socket.SendToAsync(message.Memory, to, isNonblocking, token);
            },
            cancellationToken).ConfigureAwait(false);
        buffer.Return();
        return FileFunctions.ToResult(sent);
    }

    private static ValueTask<Shared.Reception> ReceiveAsync(Caller caller, int fd, IoBuffer buffer, int flags, CancellationToken cancellationToken)
    {
        var wanted = (MessageFlags)flags;
        return (wanted & ~MessageFlags.ForReceiving) != 0
            ? new(new Shared.Reception(buffer, Errno.EINVAL))
            : Shared.ReceiveAsync(
                caller, fd, buffer, isPeek: (wanted & MessageFlags.Peek) != 0, isAll: (wanted & MessageFlags.WaitAll) != 0,
                isNonblocking: (wanted & MessageFlags.DontWait) != 0, cancellationToken);
    }
}
