namespace Fermata.Platform.FileSystems;

/// <summary>An open device, which has no places. Reading and writing wait as its streams do.</summary>
internal sealed class DeviceFileHandle(Device device, FileStatus status, FileOpening opening) : FileHandle
{
    private volatile bool _isClosed;

    internal override bool IsTerminal => device.IsTerminal;

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        return new(status);
    }

    /// <summary>Reads what is there, and waits where nothing is; 0 bytes are read at the end.</summary>
    /// <inheritdoc/>
    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        return opening.HasFlag(FileOpening.Read) ? device.Input!.ReadAsync(buffer, cancellationToken) : new(Errno.EBADF);
    }

    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken = default) =>
        AppendAsync(buffer, cancellationToken);

    public override async ValueTask<Result<int>> AppendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        if (!opening.HasFlag(FileOpening.Write))
            return Errno.EBADF;
        var error = await device.Output!.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        return error == Errno.None ? buffer.Length : error;
    }

    /// <summary>As for a device of Linux.</summary>
    /// <inheritdoc/>
    public override ValueTask<Errno> SetLengthAsync(long length, CancellationToken cancellationToken = default) => new(Errno.EINVAL);

    /// <summary>As for a device of Linux.</summary>
    /// <inheritdoc/>
    public override ValueTask<Errno> AllocateAsync(long offset, long length, CancellationToken cancellationToken = default) => new(Errno.ENODEV);

    /// <summary>Sees to it that what was written is on its way.</summary>
    /// <inheritdoc/>
    public override ValueTask<Errno> SyncAsync(bool dataOnly, CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        return opening.HasFlag(FileOpening.Write) ? device.Output!.FlushAsync(cancellationToken) : new(Errno.None);
    }

    public override ValueTask DisposeAsync()
    {
        _isClosed = true;
        return base.DisposeAsync();
    }

    private void Enter(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isClosed, this);
    }
}
