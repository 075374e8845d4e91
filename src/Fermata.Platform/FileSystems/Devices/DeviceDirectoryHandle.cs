namespace Fermata.Platform.FileSystems;

/// <summary>The open directory of devices.</summary>
internal sealed class DeviceDirectoryHandle(DeviceTree tree) : DirectoryHandle
{
    private volatile bool _isClosed;

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        return new(tree.Status);
    }

    public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        return tree.Find(name).TryGet(out var device, out var error) ? new(tree.GetStatus(device)) : new(error);
    }

    public override ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        return new(tree.Find(name).TryGet(out _, out var error) ? Errno.ENOTDIR : error);
    }

    public override ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        if (tree.Find(name).TryGet(out var device, out var error))
            error = device.Check(opening);
        else if (error == Errno.ENOENT)
            error = opening.OfReadOnly(kind: null);
        return error == Errno.None ? new(new DeviceFileHandle(device, tree.GetStatus(device), opening)) : new(error);
    }

    public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        return new(tree.Entries);
    }

    public override async ValueTask<Result<string>> ReadSymbolicLinkAsync(string name, CancellationToken cancellationToken = default)
    {
        var status = await GetStatusAsync(name, cancellationToken).ConfigureAwait(false);
        return status.Error == Errno.None ? Errno.EINVAL : status.Error;
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
