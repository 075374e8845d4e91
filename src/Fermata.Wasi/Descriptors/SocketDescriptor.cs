using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Platform.Network;

namespace Fermata.Wasi;

/// <summary>A socket: a connection, one that listens for them, or one for datagrams.</summary>
internal sealed class SocketDescriptor(GuestSocket socket, FdFlags flags)
    : Descriptor(socket.IsStream ? FileType.SocketStream : FileType.SocketDgram, Rights.OfSocket, Rights.All, flags)
{
    public GuestSocket Socket => socket;

    public bool IsNonblocking => (Flags & FdFlags.Nonblock) != 0;

    public override bool IsReadRepeatable => true;

    public override async ValueTask<Result<Taken>> TakeAsync(Caller caller, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var received = await socket.ReceiveAsync(buffer, isPeek: false, isAll: false, IsNonblocking, cancellationToken).ConfigureAwait(false);
        return received.TryGet(out var data) ? new Taken(data.Count, data.Delivery) : received.Error;
    }

    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) =>
        socket.SendAsync(buffer, IsNonblocking, cancellationToken);

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken) => new(new FileStatus { Kind = FileKind.Socket });

    public override async ValueTask<Result<Readiness>> WaitReadableAsync(CancellationToken cancellationToken) =>
        ToReadiness(await socket.WaitReadableAsync(cancellationToken).ConfigureAwait(false));

    public override async ValueTask<Result<Readiness>> WaitWritableAsync(CancellationToken cancellationToken) =>
        ToReadiness(await socket.WaitWritableAsync(cancellationToken).ConfigureAwait(false));

    public override async ValueTask<Result<Readiness>> WaitHungUpAsync(CancellationToken cancellationToken) =>
        await socket.WaitHungUpAsync(cancellationToken).ConfigureAwait(false) is not Errno.None and var error ? error : new Readiness(0, IsHungUp: true);

    protected override ValueTask CloseAsync()
    {
        socket.Dispose();
        return default;
    }

    private static Readiness ToReadiness(SocketReadiness readiness) => new(readiness.Bytes, readiness.IsHungUp);
}
