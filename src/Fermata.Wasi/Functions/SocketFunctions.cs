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
        UseAsync(
            caller, fd, Rights.SockAccept, (FdFlags)flags,
            static (socket, flags, token) => (flags & ~FdFlags.Nonblock) != 0 ? new(Errno.EINVAL) : socket.Socket.AcceptAsync(socket.IsNonblocking, token),
            cancellationToken, isRepeatable: true);

    public static int CompleteAccept(Caller caller, Result<Accepted> accepted, int fd, int flags, int result) =>
        HostCall.Write(caller, AddAccepted(caller, accepted, (FdFlags)flags), result);

    /// <summary>Gives a connection that was accepted a file descriptor.</summary>
    public static Result<int> AddAccepted(Caller caller, Result<Accepted> accepted, FdFlags flags)
    {
        if (!accepted.TryGet(out var found))
            return accepted.Error;
        if (!HostCall.HasArrived(caller, found.Delivery))
            return Errno.EINTR;
        var added = WasiContext.Of(caller).Descriptors.Add(new SocketDescriptor(found.Connection, flags));
        if (added.Error != Errno.None)
            found.GiveBack();
        return added;
    }

    public static ValueTask<Reception> SockRecv(
        Caller caller, int fd, int vectors, int count, int flags, int result, int resultFlags, CancellationToken cancellationToken) =>
        IoBuffer.HasTooMany(count) || (flags & ~(Peek | WaitAll)) != 0
            ? new(new Reception(default, Errno.EINVAL))
            : ReceiveAsync(
                caller, fd, IoBuffer.Rent(caller, vectors, count), isPeek: (flags & Peek) != 0, isAll: (flags & WaitAll) != 0, isNonblocking: false, cancellationToken);

    /// <summary>Receives what is there, or waits for it.</summary>
    /// <param name="caller">Whoever calls.</param>
    /// <param name="fd">The file descriptor of the socket.</param>
    /// <param name="buffer">Where it goes to.</param>
    /// <param name="isPeek">Whether it stays to be received.</param>
    /// <param name="isAll">Whether a stream is to fill the buffer.</param>
    /// <param name="isNonblocking">Whether nobody is to wait, also if the socket is not set so.</param>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    public static async ValueTask<Reception> ReceiveAsync(
        Caller caller, int fd, IoBuffer buffer, bool isPeek, bool isAll, bool isNonblocking, CancellationToken cancellationToken) =>
        new(buffer, await UseAsync(
            caller, fd, Rights.FdRead, (buffer.Memory, isPeek, isAll, isNonblocking),
            static (socket, state, token) => socket.Socket.ReceiveAsync(state.Memory, state.isPeek, state.isAll, state.isNonblocking || socket.IsNonblocking, token),
            cancellationToken, isRepeatable: !isAll).ConfigureAwait(false));

    public static int CompleteRecv(Caller caller, Reception reception, int fd, int vectors, int count, int flags, int result, int resultFlags)
    {
        if (!reception.Arrive(caller).TryGet(out var received, out var error))
            return (int)error;
        reception.Write(caller, IoBuffer.Vectors(caller, vectors, count));
        caller.Write(result, received.Count);
        caller.Write(resultFlags, received.IsTruncated ? (ushort)1 : (ushort)0);
        return (int)Errno.None;
    }

    public static async ValueTask<ReadWriteFunctions.Transfer> SockSend(
        Caller caller, int fd, int vectors, int count, int flags, int result, CancellationToken cancellationToken)
    {
        if (IoBuffer.HasTooMany(count) || flags != 0)
            return new ReadWriteFunctions.Transfer(default, Errno.EINVAL);
        var buffer = IoBuffer.Gather(caller, vectors, count);
        return new ReadWriteFunctions.Transfer(buffer, await UseAsync(
            caller, fd, Rights.FdWrite, buffer, static (socket, buffer, token) => socket.WriteAsync(buffer.Memory, token),
            cancellationToken).ConfigureAwait(false));
    }

    public static int CompleteSend(Caller caller, ReadWriteFunctions.Transfer transfer, int fd, int vectors, int count, int flags, int result) =>
        ReadWriteFunctions.CompleteWrite(caller, transfer, fd, vectors, count, result);

    public static ValueTask<int> SockShutdown(Caller caller, int fd, int how, CancellationToken cancellationToken) =>
        UseAsync(
            caller, fd, Rights.SockShutdown, how,
            static (socket, how, _) => new(
                (uint)how < (uint)Ways.Length && Ways[how].TryGet(out var way) ? socket.Socket.Shutdown(way) : Errno.EINVAL),
            cancellationToken);

    /// <summary>Uses a socket. That a descriptor is none is told whatever it has rights to.</summary>
    /// <typeparam name="TState">The type of what the use needs.</typeparam>
    /// <typeparam name="T">The type of what it gives.</typeparam>
    /// <param name="caller">Whoever calls.</param>
    /// <param name="fd">The file descriptor.</param>
    /// <param name="rights">What it must allow.</param>
    /// <param name="state">What the use needs.</param>
    /// <param name="use">The use.</param>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    /// <param name="isRepeatable">Whether a use that waits can as well be asked again.</param>
    public static ValueTask<Result<T>> UseAsync<TState, T>(
        Caller caller, int fd, Rights rights, TState state, Func<SocketDescriptor, TState, CancellationToken, ValueTask<Result<T>>> use, CancellationToken cancellationToken,
        bool isRepeatable = false) =>
        HostCall.UseAsync(
            caller, fd, Rights.None, (rights, state, use),
            static (descriptor, all, token) => Check(descriptor, all.rights, out var socket) is not Errno.None and var error ? new(error) : all.use(socket, all.state, token),
            cancellationToken, isRepeatable);

    /// <summary>Uses a socket for something that only fails or not.</summary>
    /// <inheritdoc cref="UseAsync{TState, T}"/>
    /// <returns>The number of the error.</returns>
    public static ValueTask<int> UseAsync<TState>(
        Caller caller, int fd, Rights rights, TState state, Func<SocketDescriptor, TState, CancellationToken, ValueTask<Errno>> use, CancellationToken cancellationToken) =>
        HostCall.UseAsync(
            caller, fd, Rights.None, (rights, state, use),
            static (descriptor, all, token) => Check(descriptor, all.rights, out var socket) is not Errno.None and var error ? new(error) : all.use(socket, all.state, token),
            cancellationToken);

    private static Errno Check(Descriptor descriptor, Rights rights, out SocketDescriptor socket)
    {
        socket = (descriptor as SocketDescriptor)!;
        return socket is null ? Errno.ENOTSOCK : (socket.Rights & rights) != rights ? Errno.ENOTCAPABLE : Errno.None;
    }

    /// <summary>What was received.</summary>
    /// <param name="Buffer">The bytes.</param>
    /// <param name="Received">How many of them, and from where.</param>
    internal readonly record struct Reception(IoBuffer Buffer, Result<Received> Received)
    {
        /// <summary>The call has what was received, if that was not given back meanwhile; then <see cref="Write"/> is next.</summary>
        public Result<Received> Arrive(Caller caller)
        {
            if (Received.TryGet(out var received))
                return HostCall.HasArrived(caller, received.Delivery) ? Received : Errno.EINTR;
            Buffer.Return();
            return Received.Error;
        }

        /// <summary>Copies the bytes to where vectors tell.</summary>
        public void Write(Caller caller, scoped ReadOnlySpan<IoVector> vectors)
        {
            Buffer.Scatter(caller, vectors, Received.Value.Count);
            Buffer.Return();
        }
    }
}
