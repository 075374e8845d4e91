using Fermata.Platform;

namespace Fermata.Wasi;

/// <summary>Standard input.</summary>
internal sealed class InputDescriptor(InputStream input) : Descriptor(FileTypes.OfStream(input.IsTerminal), Rights.OfInput, Rights.None, FdFlags.None)
{
    public override bool IsReadRepeatable => true;

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        (Flags & FdFlags.Nonblock) == 0 ? input.ReadAsync(buffer, cancellationToken) : TryReadAsync(buffer, cancellationToken);

    public override async ValueTask<Result<Readiness>> WaitReadableAsync(CancellationToken cancellationToken)
    {
        var result = await input.WaitAsync(cancellationToken).ConfigureAwait(false);
        return result.TryGet(out var count) ? new Readiness(count, count == 0) : result.Error;
    }

    private ValueTask<Result<int>> TryReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // What is asked for here stays in the stream for whoever reads next.
        var wait = input.WaitAsync(cancellationToken);
        return wait.IsCompleted ? input.ReadAsync(buffer, cancellationToken) : new(Errno.EAGAIN);
    }
}
