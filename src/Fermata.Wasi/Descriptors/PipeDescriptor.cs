using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Wasi;

/// <summary>An open named pipe: what is read and written in its order, without places. Reads do not wait for writes, nor the other way round.</summary>
internal sealed class PipeDescriptor(FileHandle handle, Rights rights, Rights inheriting, FdFlags flags)
    : FileDescriptor(handle, FileKind.Pipe, rights, inheriting, flags)
{
    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => Handle.ReadAsync(buffer, 0, cancellationToken);

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken) => new(Errno.ESPIPE);

    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) => AppendAsync(buffer, cancellationToken);

    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken) => new(Errno.ESPIPE);

    public override ValueTask<Result<long>> SeekAsync(long offset, Whence whence, CancellationToken cancellationToken) => new(Errno.ESPIPE);

    public override Errno Advise() => Errno.ESPIPE;
}
