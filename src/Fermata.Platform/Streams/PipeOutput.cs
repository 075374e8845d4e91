using System.IO.Pipelines;

namespace Fermata.Platform;

/// <summary>Writes to a pipe. (The stream that a pipe can be had as does not tell that its reader is gone.)</summary>
internal sealed class PipeOutput(PipeWriter pipe) : OrderedOutput
{
    protected override async ValueTask<Errno> WriteInTurnAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        (await pipe.WriteAsync(bytes, cancellationToken).ConfigureAwait(false)).IsCompleted ? Errno.EPIPE : Errno.None;
}
