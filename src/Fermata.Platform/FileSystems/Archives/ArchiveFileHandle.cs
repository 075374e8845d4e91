namespace Fermata.Platform.FileSystems;

/// <summary>An open file of an archive.</summary>
internal sealed class ArchiveFileHandle : FileHandle
{
    private readonly ArchiveFile _file;
    private readonly FileOpening _opening;
    private readonly ulong _device;
    private int _isClosed;

    public ArchiveFileHandle(ArchiveFile file, FileOpening opening, ulong device)
    {
        (_file, _opening, _device) = (file, opening, device);
        file.Content.WasOpened();
    }

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        return new(_file.GetStatus(_device));
    }

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        if (!_opening.HasFlag(FileOpening.Read))
            return new(Errno.EBADF);
        return new(FileRange.Check(offset, 0) is not Errno.None and var error ? error : _file.Content.Read(buffer.Span, offset, cancellationToken));
    }

    public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    public override ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            _file.Content.WasClosed();
        return base.DisposeAsync();
    }

    private void Enter(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosed) != 0, this);
    }
}
