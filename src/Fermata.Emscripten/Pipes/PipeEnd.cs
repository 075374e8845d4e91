using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Wasi;

namespace Fermata.Emscripten.Pipes;

/// <summary>An end of a pipe. It is closed when no file descriptor stands for it any more, however many there were.</summary>
internal abstract class PipeEnd(Pipe pipe, Rights rights, FdFlags flags)
    : Descriptor(FileType.Unknown, rights | Rights.FdSeek | Rights.FdTell | Rights.FdSync | Rights.FdDatasync, Rights.None, flags)
{
    protected Pipe Pipe => pipe;

    protected bool IsNonblocking => (Flags & FdFlags.Nonblock) != 0;

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken) => new(new FileStatus { Kind = FileKind.Pipe, LinkCount = 1 });

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken) => new(Errno.ESPIPE);

    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken) => new(Errno.ESPIPE);

    public override ValueTask<Result<long>> SeekAsync(long offset, Whence whence, CancellationToken cancellationToken) => new(Errno.ESPIPE);

    public override ValueTask<Errno> SyncAsync(bool dataOnly, CancellationToken cancellationToken) => new(Errno.EINVAL);
}
