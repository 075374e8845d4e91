namespace Fermata.Platform.FileSystems;

/// <summary>An open directory of an archive.</summary>
internal sealed class ArchiveDirectoryHandle(ArchiveTree tree, ArchiveDirectory directory) : DirectoryHandle
{
    private volatile bool _isClosed;

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        return new(directory.GetStatus(tree.Device));
    }

    public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        return Find(name).TryGet(out var node, out var error) ? new(node.GetStatus(tree.Device)) : new(error);
    }

    public override ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        if (!Find(name).TryGet(out var node, out var error))
            return new(error);
        return node is ArchiveDirectory found ? new(new ArchiveDirectoryHandle(tree, found)) : new(Errno.ENOTDIR);
    }

    public override ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        var isThere = Find(name).TryGet(out var node, out var error);
        if (error is Errno.None or Errno.ENOENT)
            error = opening.OfReadOnly(isThere ? node.Kind : null);
        return error == Errno.None ? new(new ArchiveFileHandle((ArchiveFile)node, opening, tree.Device)) : new(error);
    }

    public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        return new(directory.Entries.Select(entry => entry.Value.ToEntry(entry.Key)).ToArray());
    }

    public override ValueTask<Result<string>> ReadSymbolicLinkAsync(string name, CancellationToken cancellationToken = default)
    {
        Enter(cancellationToken);
        if (!Find(name).TryGet(out var node, out var error))
            return new(error);
        return node is ArchiveSymbolicLink link ? new(link.Target) : new(Errno.EINVAL);
    }

    public override ValueTask<Errno> SetModeAsync(string name, UnixFileMode mode, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default) => new(Errno.EROFS);

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

    private Result<ArchiveNode> Find(string name)
    {
        if (EntryName.Check(name) is not Errno.None and var error)
            return error;
        return directory.Entries.TryGetValue(name, out var node) ? node : Errno.ENOENT;
    }
}
