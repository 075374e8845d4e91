using System.Net.Sockets;

namespace Fermata.Platform;

/// <summary>An output that takes one write after the other, and tells when nobody reads any more.</summary>
internal abstract class OrderedOutput : OutputStream
{
    private readonly Turns _turns = new();

    /// <summary>Whether anything was written that was not flushed. Used in a turn.</summary>
    private bool _hasUnflushed;

    public sealed override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        InTurnAsync(
            static (output, bytes, token) =>
            {
                output._hasUnflushed = true;
                return output.WriteInTurnAsync(bytes, token);
            },
            bytes, cancellationToken);

    /// <summary>Does nothing where nothing was written: to flush may begin what has not begun, such as a response.</summary>
    /// <inheritdoc/>
    public sealed override ValueTask<Errno> FlushAsync(CancellationToken cancellationToken = default) =>
        InTurnAsync(
            static (output, _, token) =>
            {
                if (!output._hasUnflushed)
                    return new(Errno.None);
                output._hasUnflushed = false;
                return output.FlushInTurnAsync(token);
            },
            default, cancellationToken);

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
        using var turn = await _turns.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await use(this, bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsBrokenPipe(e))
        {
            return Errno.EPIPE;
        }
    }
}
