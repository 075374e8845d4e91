using Fermata.Platform;

namespace Fermata.Wasi;

/// <summary>Standard output, or standard error.</summary>
internal sealed class OutputDescriptor(OutputStream output) : Descriptor(FileTypes.OfStream(output.IsTerminal), Rights.OfOutput, Rights.None, FdFlags.Append)
{
    /// <summary>Calls write one after the other, so that the pieces of none are among those of another.</summary>
    private readonly Turns _turns = new();

    public override async ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        using var turn = await _turns.EnterAsync(cancellationToken).ConfigureAwait(false);
        return await InPiecesAsync(
            buffer.Length,
            static async (all, start, length, token) =>
            {
                var error = await all.output.WriteAsync(all.buffer.Slice(start, length), token).ConfigureAwait(false);
                return error == Errno.None ? length : error;
            },
            (output, buffer), cancellationToken).ConfigureAwait(false);
    }

    public override ValueTask<Errno> SyncAsync(bool dataOnly, CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    public override async ValueTask<Result<Readiness>> WaitWritableAsync(CancellationToken cancellationToken) =>
        await output.WaitAsync(cancellationToken).ConfigureAwait(false) is var error && error != Errno.None ? error : default(Readiness);
}
