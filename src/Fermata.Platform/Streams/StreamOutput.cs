namespace Fermata.Platform;

/// <summary>Writes to a .NET stream.</summary>
internal sealed class StreamOutput(Stream stream) : OrderedOutput
{
    protected override ValueTask WriteInTurnAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => stream.WriteAsync(bytes, cancellationToken);

    protected override Task FlushInTurnAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);
}
