using Fermata.Platform;
using Fermata.Platform.Network;

namespace Fermata.Wasi.Functions;

/// <summary>Reading and writing.</summary>
internal static class ReadWriteFunctions
{
    public static ValueTask<Transfer> FdRead(Caller caller, int fd, int vectors, int count, int result, CancellationToken cancellationToken) =>
        Read(caller, fd, Rights.FdRead, vectors, count, 0, static (caller, descriptor, buffer, _, token) => descriptor.TakeAsync(caller, buffer, token), cancellationToken);

    public static ValueTask<Transfer> FdPread(Caller caller, int fd, int vectors, int count, long offset, int result, CancellationToken cancellationToken) =>
        Read(
            caller, fd, Rights.FdRead | Rights.FdSeek, vectors, count, offset,
            static (_, descriptor, buffer, offset, token) => offset < 0 ? new(Errno.EINVAL) : Taken.Of(descriptor.ReadAsync(buffer, offset, token)), cancellationToken);

    public static int CompleteRead(Caller caller, Transfer transfer, int fd, int vectors, int count, int result)
    {
        if (!HostCall.HasArrived(caller, transfer.Delivery))
            return (int)Errno.EINTR;
        if (transfer.Count.TryGet(out var bytes))
            transfer.Buffer.Scatter(caller, IoBuffer.Vectors(caller, vectors, count), bytes);
        return CompleteWrite(caller, transfer, fd, vectors, count, result);
    }

    public static int CompletePread(Caller caller, Transfer transfer, int fd, int vectors, int count, long offset, int result) =>
        CompleteRead(caller, transfer, fd, vectors, count, result);

    public static ValueTask<Transfer> FdWrite(Caller caller, int fd, int vectors, int count, int result, CancellationToken cancellationToken) =>
        Write(caller, fd, Rights.FdWrite, vectors, count, 0, static (descriptor, buffer, _, token) => descriptor.WriteAsync(buffer, token), cancellationToken);

    public static ValueTask<Transfer> FdPwrite(Caller caller, int fd, int vectors, int count, long offset, int result, CancellationToken cancellationToken) =>
        Write(
            caller, fd, Rights.FdWrite | Rights.FdSeek, vectors, count, offset,
            static (descriptor, buffer, offset, token) => offset < 0 ? new(Errno.EINVAL) : descriptor.WriteAsync(buffer, offset, token), cancellationToken);

    public static int CompleteWrite(Caller caller, Transfer transfer, int fd, int vectors, int count, int result)
    {
        transfer.Buffer.Return();
        return HostCall.Write(caller, transfer.Count, result);
    }

    public static int CompletePwrite(Caller caller, Transfer transfer, int fd, int vectors, int count, long offset, int result) =>
        CompleteWrite(caller, transfer, fd, vectors, count, result);

    private static async ValueTask<Transfer> Read(
        Caller caller, int fd, Rights rights, int vectors, int count, long offset,
        Func<Caller, Descriptor, Memory<byte>, long, CancellationToken, ValueTask<Result<Taken>>> read, CancellationToken cancellationToken)
    {
        if (IoBuffer.HasTooMany(count))
            return new Transfer(default, Errno.EINVAL);
        var buffer = IoBuffer.Rent(caller, vectors, count);
        var result = await HostCall.UseAsync(
            caller, fd, rights, (caller, buffer, offset, read), static (descriptor, state, token) => state.read(state.caller, descriptor, state.buffer.Memory, state.offset, token),
            cancellationToken).ConfigureAwait(false);
        return result.TryGet(out var found) ? new Transfer(buffer, found.Count, found.Delivery) : new Transfer(buffer, result.Error);
    }

    private static async ValueTask<Transfer> Write(
        Caller caller, int fd, Rights rights, int vectors, int count, long offset,
        Func<Descriptor, ReadOnlyMemory<byte>, long, CancellationToken, ValueTask<Result<int>>> write, CancellationToken cancellationToken)
    {
        if (IoBuffer.HasTooMany(count))
            return new Transfer(default, Errno.EINVAL);
        var buffer = IoBuffer.Gather(caller, vectors, count);
        return new Transfer(buffer, await HostCall.UseAsync(
            caller, fd, rights, (buffer, offset, write), static (descriptor, state, token) => state.write(descriptor, state.buffer.Memory, state.offset, token),
            cancellationToken).ConfigureAwait(false));
    }

    /// <summary>What was read or written.</summary>
    /// <param name="Buffer">The bytes.</param>
    /// <param name="Count">How many of them.</param>
    /// <param name="Delivery">The way of what was read to the call, where something is done at its end.</param>
    internal readonly record struct Transfer(IoBuffer Buffer, Result<int> Count, IDelivery? Delivery = null);
}
