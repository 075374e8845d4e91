namespace Fermata.Platform;

/// <summary>Writes to a .NET stream.</summary>
internal sealed class StreamOutput(Stream stream) : OrderedOutput
{
    protected override async ValueTask<Errno> WriteInTurnAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        return Errno.None;
    }

    protected override async ValueTask<Errno> FlushInTurnAsync(CancellationToken cancellationToken)
    {
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        return Errno.None;
    }
}
