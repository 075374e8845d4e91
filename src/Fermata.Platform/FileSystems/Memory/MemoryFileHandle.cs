namespace Fermata.Platform.FileSystems;

/// <summary>An open file in memory.</summary>
internal sealed class MemoryFileHandle : FileHandle
{
    private readonly MemoryFile _file;
    private readonly FileOpening _opening;
    private bool _isClosed;

    /// <summary>Opens a file. The lock of the tree is held.</summary>
    public MemoryFileHandle(MemoryFile file, FileOpening opening)
    {
        (_file, _opening) = (file, opening);
        file.WasOpened();
    }

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        return new(_file.Status);
    }

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        if (Check(FileOpening.Read, offset, 0) is not Errno.None and var error)
            return new(error);
        _file.WasRead();
        return new(_file.Content.Read(buffer.Span, offset));
    }

    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        return new(Write(buffer.Span, offset));
    }

    public override ValueTask<Result<int>> AppendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        return new(Write(buffer.Span, _file.Length));
    }

    public override ValueTask<Errno> SetLengthAsync(long length, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        var error = Check(FileOpening.Write, 0, length);
        if (error == Errno.None)
        {
            _file.Content.SetLength(length, cancellationToken);
            _file.HasNewContent();
        }

        return new(error);
    }

    public override ValueTask<Errno> AllocateAsync(long offset, long length, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        var error = Check(FileOpening.Write, offset, length);
        if (error == Errno.None)
            error = length == 0 ? Errno.EINVAL : _file.Content.TryAllocate(offset, length, cancellationToken) ? Errno.None : Errno.ENOSPC;
        if (error == Errno.None)
            _file.HasNewStatus();
        return new(error);
    }

    public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        _file.SetTimes(times);
        return new(Errno.None);
    }

    public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        _file.SetMode(mode);
        return new(Errno.None);
    }

    public override ValueTask DisposeAsync()
    {
        lock (_file.Tree.Lock)
        {
            if (!_isClosed)
                _file.WasClosed();
            _isClosed = true;
        }

        return base.DisposeAsync();
    }

    /// <summary>Begins an operation: from here on nobody else reads or changes the tree.</summary>
    private LockScope Enter(CancellationToken cancellationToken)
    {
        var scope = new LockScope(_file.Tree.Lock, cancellationToken);
        if (!_isClosed)
            return scope;
        scope.Dispose();
        throw new ObjectDisposedException(nameof(MemoryFileHandle));
    }

    private Errno Check(FileOpening needed, long offset, long length) => _opening.HasFlag(needed) ? FileRange.Check(offset, length) : Errno.EBADF;

    private Result<int> Write(ReadOnlySpan<byte> buffer, long offset)
    {
        if (Check(FileOpening.Write, offset, buffer.Length) is not Errno.None and var error)
            return error;
        var written = _file.Content.Write(buffer, offset);
        if (written > 0)
            _file.HasNewContent();
        return written > 0 || buffer.IsEmpty ? written : Errno.ENOSPC;
    }
}
