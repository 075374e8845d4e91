using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Fermata.Platform;

/// <summary>An output that takes one write after the other, and tells when nobody reads any more.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore holds nothing as long as nobody asks for its wait handle.")]
internal abstract class OrderedOutput : OutputStream
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public sealed override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        InTurnAsync(static (output, bytes, token) => output.WriteInTurnAsync(bytes, token), bytes, cancellationToken);

    public sealed override ValueTask<Errno> FlushAsync(CancellationToken cancellationToken = default) =>
        InTurnAsync(static (output, _, token) => output.FlushInTurnAsync(token), default, cancellationToken);

    protected abstract ValueTask<Errno> WriteInTurnAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    protected virtual ValueTask<Errno> FlushInTurnAsync(CancellationToken cancellationToken) => new(Errno.None);

    private static bool IsBrokenPipe(Exception exception) => exception switch
    {
        ObjectDisposedException => true,
        IOException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted } } => true,

        // What streams of files throw: the error of the system, EPIPE or Windows' ERROR_NO_DATA and ERROR_BROKEN_PIPE.
        IOException { HResult: 32 or unchecked((int)0x800700E8) or unchecked((int)0x8007006D) } => true,
        _ => false,
    };

    private async ValueTask<Errno> InTurnAsync(
        Func<OrderedOutput, ReadOnlyMemory<byte>, CancellationToken, ValueTask<Errno>> use, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await use(this, bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsBrokenPipe(e))
        {
            return Errno.EPIPE;
        }
        finally
        {
            _turn.Release();
        }
    }
}
