using Fermata.Platform;
using Fermata.Wasi;

namespace Fermata.Emscripten.Pipes;

/// <summary>The end of a pipe from which is read.</summary>
internal sealed class PipeReadEnd(Pipe pipe, FdFlags flags) : PipeEnd(pipe, Rights.OfInput, flags)
{
    public override ValueTask<Result<Taken>> TakeAsync(Caller caller, Memory<byte> buffer, CancellationToken cancellationToken) => Pipe.ReadAsync(buffer, IsNonblocking, cancellationToken);

    public override ValueTask<Result<Readiness>> WaitReadableAsync(CancellationToken cancellationToken) => Pipe.WaitReadableAsync(cancellationToken);

    public override ValueTask<Result<Readiness>> WaitHungUpAsync(CancellationToken cancellationToken) => Pipe.WaitForLastWriterAsync(cancellationToken);

    protected override ValueTask CloseAsync()
    {
        Pipe.CloseReader();
        return default;
    }
}
