using Fermata.Platform;
using Fermata.Wasi;

namespace Fermata.Emscripten.Pipes;

/// <summary>The end of a pipe to which is written.</summary>
internal sealed class PipeWriteEnd(Pipe pipe, FdFlags flags) : PipeEnd(pipe, Rights.OfOutput, flags)
{
    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) => Pipe.WriteAsync(buffer, IsNonblocking, cancellationToken);

    public override ValueTask<Result<Readiness>> WaitWritableAsync(CancellationToken cancellationToken) => Pipe.WaitWritableAsync(cancellationToken);

    public override ValueTask<Result<Readiness>> WaitHungUpAsync(CancellationToken cancellationToken) => Pipe.WaitForLastReaderAsync(cancellationToken);

    protected override ValueTask CloseAsync()
    {
        Pipe.CloseWriter();
        return default;
    }
}
