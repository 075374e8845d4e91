using System.Net.Sockets;
using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Wasi;

/// <summary>A socket: a connection, or one that listens for them.</summary>
internal sealed class SocketDescriptor(Socket socket, bool isOwned, FdFlags flags)
    : Descriptor(socket.SocketType == SocketType.Dgram ? FileType.SocketDgram : FileType.SocketStream, Rights.OfSocket, Rights.All, flags)
{
    private static readonly Dictionary<SocketError, Errno> Errors = new()
    {
        [SocketError.AccessDenied] = Errno.EACCES,
        [SocketError.ConnectionAborted] = Errno.ECONNABORTED,
        [SocketError.ConnectionRefused] = Errno.ECONNREFUSED,
        [SocketError.ConnectionReset] = Errno.ECONNRESET,
        [SocketError.HostUnreachable] = Errno.EHOSTUNREACH,
        [SocketError.InvalidArgument] = Errno.EINVAL,
        [SocketError.IsConnected] = Errno.EISCONN,
        [SocketError.MessageSize] = Errno.EMSGSIZE,
        [SocketError.NetworkDown] = Errno.ENETDOWN,
        [SocketError.NetworkReset] = Errno.ENETRESET,
        [SocketError.NetworkUnreachable] = Errno.ENETUNREACH,
        [SocketError.NoBufferSpaceAvailable] = Errno.ENOBUFS,
        [SocketError.NotConnected] = Errno.ENOTCONN,
        [SocketError.OperationAborted] = Errno.ECANCELED,
        [SocketError.OperationNotSupported] = Errno.ENOTSUP,
        [SocketError.Shutdown] = Errno.EPIPE,
        [SocketError.TimedOut] = Errno.ETIMEDOUT,
        [SocketError.TooManyOpenSockets] = Errno.EMFILE,
        [SocketError.WouldBlock] = Errno.EAGAIN,
    };

    private bool IsNonblocking => (Flags & FdFlags.Nonblock) != 0;

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) =>
        RunAsync((socket, buffer), static (both, token) => both.socket.SendAsync(both.buffer, SocketFlags.None, token), cancellationToken);

    /// <summary>Receives bytes; 0 at the end.</summary>
    public ValueTask<Result<int>> ReceiveAsync(Memory<byte> buffer, SocketFlags flags, CancellationToken cancellationToken) =>
        IsNonblocking && socket.Available == 0 && !socket.Poll(TimeSpan.Zero, SelectMode.SelectRead)
            ? new(Errno.EAGAIN)
            : RunAsync((socket, buffer, flags), static (all, token) => all.socket.ReceiveAsync(all.buffer, all.flags, token), cancellationToken);

    /// <summary>Waits for a connection.</summary>
    public ValueTask<Result<Socket>> AcceptAsync(CancellationToken cancellationToken) =>
        IsNonblocking && !socket.Poll(TimeSpan.Zero, SelectMode.SelectRead)
            ? new(Errno.EAGAIN)
            : RunAsync(socket, static (socket, token) => socket.AcceptAsync(token), cancellationToken);

    public Errno Shutdown(SocketShutdown how)
    {
        try
        {
            socket.Shutdown(how);
            return Errno.None;
        }
        catch (SocketException e)
        {
            return ErrorOf(e);
        }
    }

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken) => new(new FileStatus { Kind = FileKind.Socket });

    /// <summary>Waits for bytes, or for a connection: receiving none waits for the former, and a socket that listens is asked with a select of none.</summary>
    public override async ValueTask<Readiness> WaitReadableAsync(CancellationToken cancellationToken)
    {
        if (IsListening)
            return await WaitForConnectionAsync(cancellationToken).ConfigureAwait(false);
        var result = await RunAsync(socket, static (socket, token) => socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, token), cancellationToken).ConfigureAwait(false);
        if (result.Error != Errno.None)
            return new Readiness(result.Error, 0, result.Error is Errno.ECONNRESET or Errno.EPIPE);
        var available = socket.Available;
        return new Readiness(Errno.None, available, available == 0);
    }

    public override async ValueTask<Readiness> WaitWritableAsync(CancellationToken cancellationToken)
    {
        var result = await RunAsync(socket, static (socket, token) => socket.SendAsync(ReadOnlyMemory<byte>.Empty, SocketFlags.None, token), cancellationToken).ConfigureAwait(false);
        return new Readiness(result.Error);
    }

    protected override ValueTask CloseAsync()
    {
        if (isOwned)
            socket.Dispose();
        return default;
    }

    private bool IsListening => (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection)! != 0;

    private static Errno ErrorOf(SocketException exception) => Errors.GetValueOrDefault(exception.SocketErrorCode, Errno.EIO);

    private static async ValueTask<Result<T>> RunAsync<TState, T>(TState state, Func<TState, CancellationToken, ValueTask<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await run(state, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e) when (!cancellationToken.IsCancellationRequested)
        {
            return ErrorOf(e);
        }
        catch (ObjectDisposedException)
        {
            return Errno.EBADF;
        }
    }

    /// <summary>.NET tells of a connection only by accepting it, so that the socket is asked again and again, each time after a little longer, up to 16 ms.</summary>
    private async ValueTask<Readiness> WaitForConnectionAsync(CancellationToken cancellationToken)
    {
        for (var milliseconds = 1; !socket.Poll(TimeSpan.Zero, SelectMode.SelectRead); milliseconds = Math.Min(16, 2 * milliseconds))
            await Task.Delay(milliseconds, cancellationToken).ConfigureAwait(false);
        return new Readiness(Errno.None, 1);
    }
}
