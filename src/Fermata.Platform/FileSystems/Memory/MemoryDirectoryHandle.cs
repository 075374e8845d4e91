namespace Fermata.Platform.FileSystems;

/// <summary>An open directory in memory.</summary>
internal sealed class MemoryDirectoryHandle(MemoryDirectory directory) : DirectoryHandle
{
    private readonly MemoryTree _tree = directory.Tree;
    private volatile bool _isClosed;

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        return new(directory.Status);
    }

    public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        return Find(name).TryGet(out var node, out var error) ? new(node.Status) : new(error);
    }

    public override ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        if (!Find(name).TryGet(out var node, out var error))
            return new(error);
        return node is MemoryDirectory found ? new(new MemoryDirectoryHandle(found)) : new(Errno.ENOTDIR);
    }

    public override ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        if (opening.Check() is not Errno.None and var senseless)
            return new(senseless);
        if (!Find(name).TryGet(out var node, out var error))
        {
            if (error != Errno.ENOENT || !opening.HasFlag(FileOpening.Create))
                return new(error);
            node = new MemoryFile(_tree, mode);
            error = Add(name, node);
        }
        else
        {
            error = opening.OfExisting(node.Kind);
        }

        if (error != Errno.None)
            return new(error);
        var file = (MemoryFile)node;
        if (opening.HasFlag(FileOpening.Truncate))
        {
            file.Content.Clear();
            file.HasNewContent();
        }

        return new(new MemoryFileHandle(file, opening));
    }

    public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        directory.WasRead();
        return new(directory.List(cancellationToken));
    }

    public override ValueTask<Result<string>> ReadSymbolicLinkAsync(string name, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        if (!Find(name).TryGet(out var node, out var error))
            return new(error);
        return node is MemorySymbolicLink link ? new(link.Target) : new(Errno.EINVAL);
    }

    public override ValueTask<Errno> CreateDirectoryAsync(string name, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        return new(Add(name, new MemoryDirectory(_tree, mode)));
    }

    public override ValueTask<Errno> CreateSymbolicLinkAsync(string name, string target, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        return new(EntryName.CheckTarget(target) is not Errno.None and var error ? error : Add(name, new MemorySymbolicLink(_tree, target)));
    }

    public override ValueTask<Errno> LinkAsync(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        if (!Find(name).TryGet(out var node, out var error))
            return new(error);
        if (node is MemoryDirectory)
            return new(Errno.EPERM);
        return new(OfSameTree(newParent) is { } other ? other.Add(newName, node) : Errno.EXDEV);
    }

    public override ValueTask<Errno> RenameAsync(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        return new(OfSameTree(newParent) is { } other ? Rename(name, other.Directory, newName) : Errno.EXDEV);
    }

    public override ValueTask<Errno> RemoveFileAsync(string name, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        if (!Find(name).TryGet(out var node, out var error))
            return new(error);
        if (node is MemoryDirectory)
            return new(Errno.EISDIR);
        directory.Remove(name);
        return new(Errno.None);
    }

    public override ValueTask<Errno> RemoveDirectoryAsync(string name, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        if (!Find(name).TryGet(out var node, out var error))
            return new(error);
        if (node is not MemoryDirectory removed)
            return new(Errno.ENOTDIR);
        if (!removed.IsEmpty)
            return new(Errno.ENOTEMPTY);
        directory.Remove(name);
        return new(Errno.None);
    }

    public override ValueTask<Errno> SetTimesAsync(string name, FileTimes times, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        if (Find(name).TryGet(out var node, out var error))
            node.SetTimes(times);
        return new(error);
    }

    public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        directory.SetTimes(times);
        return new(Errno.None);
    }

    public override ValueTask<Errno> SetModeAsync(string name, UnixFileMode mode, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        if (!Find(name).TryGet(out var node, out var error))
            return new(error);
        if (node is MemorySymbolicLink)
            return new(Errno.ENOTSUP);
        node.SetMode(mode);
        return new(Errno.None);
    }

    public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default)
    {
        using var scope = Enter(cancellationToken);
        directory.SetMode(mode);
        return new(Errno.None);
    }

    public override ValueTask DisposeAsync()
    {
        _isClosed = true;
        return base.DisposeAsync();
    }

    private MemoryDirectory Directory => directory;

    /// <summary>Begins an operation: from here on nobody else reads or changes the tree.</summary>
    private LockScope Enter(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return new LockScope(_tree.Lock, cancellationToken);
    }

    private MemoryDirectoryHandle? OfSameTree(DirectoryHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (handle is not MemoryDirectoryHandle other || other._tree != _tree)
            return null;
        ObjectDisposedException.ThrowIf(other._isClosed, other);
        return other;
    }

    private Result<MemoryNode> Find(string name)
    {
        if (EntryName.Check(name) is not Errno.None and var error)
            return error;
        return directory.Find(name) is { } node ? node : Errno.ENOENT;
    }

    private Errno Add(string name, MemoryNode node)
    {
        var error = EntryName.Check(name);
        if (error == Errno.None)
            error = directory.CheckNew(name);
        if (error == Errno.None)
            directory.Add(name, node);
        return error;
    }

    /// <summary>As <c>rename</c> of POSIX does.</summary>
    private Errno Rename(string name, MemoryDirectory newParent, string newName)
    {
        if (!Find(name).TryGet(out var node, out var error))
            return error;
        if (EntryName.Check(newName) is not Errno.None and var badName)
            return badName;
        if (newParent.IsRemoved)
            return Errno.ENOENT;
        if (node is MemoryDirectory moved && newParent.IsIn(moved))
            return Errno.EINVAL;
        if (newParent.Find(newName) is { } replaced)
        {
            if (replaced == node)
                return Errno.None;
            if (RenameRules.Check(node.Kind, replaced.Kind, isEmpty: replaced is not MemoryDirectory { IsEmpty: false }) is not Errno.None and var refusal)
                return refusal;
            newParent.Remove(newName);
        }

        directory.Move(name, newParent, newName);
        return Errno.None;
    }
}
