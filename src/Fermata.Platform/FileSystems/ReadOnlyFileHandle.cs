namespace Fermata.Platform.FileSystems;

/// <summary>An open file as it is, but that nothing can be written.</summary>
internal sealed class ReadOnlyFileHandle(FileHandle inner) : FileHandle
{
    protected override FileHandle Inner => inner;

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => inner.GetStatusAsync(cancellationToken);

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, offset, cancellationToken);

    public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
