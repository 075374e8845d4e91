namespace Fermata.Platform.FileSystems;

/// <summary>An open directory of a file system in which others are mounted.</summary>
/// <remarks>
/// Also directories below which nothing is mounted are such: a file system knows its own handles alone, so that only this can rename from one of them to one of those below
/// which something is.
/// </remarks>
/// <param name="inner">The directory, as its file system has it.</param>
/// <param name="point">Where it is, if anything is mounted below it.</param>
internal sealed class MountDirectoryHandle(DirectoryHandle inner, MountPoint? point) : DirectoryHandle
{
    private readonly DirectoryHandle _inner = inner;
    private volatile bool _isClosed;

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => _inner.GetStatusAsync(cancellationToken);

    public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default) =>
        Find(name) is { } below ? GetStatusAsync(below, name, cancellationToken) : _inner.GetStatusAsync(name, cancellationToken);

    public override async ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default)
    {
        if (Find(name) is { } below)
            return await below.OpenAsync(_inner, name, cancellationToken).ConfigureAwait(false);
        var opened = await _inner.OpenDirectoryAsync(name, cancellationToken).ConfigureAwait(false);
        return opened.TryGet(out var directory, out var error) ? new MountDirectoryHandle(directory, point: null) : error;
    }

    public override ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
    {
        if (Find(name) is null)
            return _inner.OpenFileAsync(name, opening, mode, cancellationToken);
        var senseless = opening.Check();
        return new(senseless == Errno.None ? opening.OfExisting(FileKind.Directory) : senseless);
    }

    public override async ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default)
    {
        var read = await _inner.ReadEntriesAsync(cancellationToken).ConfigureAwait(false);
        if (point is null || !read.TryGet(out var entries))
            return read;
        var listed = new List<DirectoryEntry>(entries.Length + point.Below.Count);
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!point.Below.ContainsKey(entry.Name))
                listed.Add(entry);
        }

        foreach (var (name, below) in point.Below)
        {
            // What cannot be opened at the moment is there nevertheless.
            var inode = (await GetStatusAsync(below, name, cancellationToken).ConfigureAwait(false)).TryGet(out var status) ? status.Inode : 0;
            listed.Add(new DirectoryEntry(name, FileKind.Directory, inode));
        }

        return listed.ToArray();
    }

    public override ValueTask<Result<string>> ReadSymbolicLinkAsync(string name, CancellationToken cancellationToken = default) =>
        Find(name) is null ? _inner.ReadSymbolicLinkAsync(name, cancellationToken) : new(Errno.EINVAL);

    public override ValueTask<Errno> CreateDirectoryAsync(string name, UnixFileMode? mode = null, CancellationToken cancellationToken = default) =>
        Find(name) is null ? _inner.CreateDirectoryAsync(name, mode, cancellationToken) : new(Errno.EEXIST);

    public override ValueTask<Errno> CreateSymbolicLinkAsync(string name, string target, CancellationToken cancellationToken = default) =>
        Find(name) is null ? _inner.CreateSymbolicLinkAsync(name, target, cancellationToken) : new(Errno.EEXIST);

    public override ValueTask<Errno> LinkAsync(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken = default)
    {
        if (Find(name) is not null)
            return new(Errno.EPERM);
        return IsMounted(newParent, newName) ? new(Errno.EEXIST) : _inner.LinkAsync(name, Inner(newParent), newName, cancellationToken);
    }

    public override ValueTask<Errno> RenameAsync(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken = default) =>
        Find(name) is not null || IsMounted(newParent, newName) ? new(Errno.EBUSY) : _inner.RenameAsync(name, Inner(newParent), newName, cancellationToken);

    public override ValueTask<Errno> RemoveFileAsync(string name, CancellationToken cancellationToken = default) =>
        Find(name) is null ? _inner.RemoveFileAsync(name, cancellationToken) : new(Errno.EISDIR);

    public override ValueTask<Errno> RemoveDirectoryAsync(string name, CancellationToken cancellationToken = default) =>
        Find(name) is null ? _inner.RemoveDirectoryAsync(name, cancellationToken) : new(Errno.EBUSY);

    public override ValueTask<Errno> SetTimesAsync(string name, FileTimes times, CancellationToken cancellationToken = default) =>
        Find(name) is { } below ? AtAsync(below, name, times, static (directory, times, token) => directory.SetTimesAsync(times, token), cancellationToken)
            : _inner.SetTimesAsync(name, times, cancellationToken);

    public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken = default) => _inner.SetTimesAsync(times, cancellationToken);

    public override ValueTask<Errno> SetModeAsync(string name, UnixFileMode mode, CancellationToken cancellationToken = default) =>
        Find(name) is { } below ? AtAsync(below, name, mode, static (directory, mode, token) => directory.SetModeAsync(mode, token), cancellationToken)
            : _inner.SetModeAsync(name, mode, cancellationToken);

    public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default) => _inner.SetModeAsync(mode, cancellationToken);

    public override ValueTask<Errno> SyncAsync(CancellationToken cancellationToken = default) => _inner.SyncAsync(cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        _isClosed = true;
        await _inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private static DirectoryHandle Inner(DirectoryHandle handle) => handle is MountDirectoryHandle mount ? mount._inner : handle;

    private static bool IsMounted(DirectoryHandle parent, string name) => parent is MountDirectoryHandle mount && mount.Find(name) is not null;

    /// <summary>The mount point of a name, or what is above one.</summary>
    private MountPoint? Find(string name)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return point?.Below.GetValueOrDefault(name);
    }

    /// <summary>Does something with the directory of a mount point.</summary>
    private async ValueTask<Errno> AtAsync<TState>(
        MountPoint below, string name, TState state, Func<DirectoryHandle, TState, CancellationToken, ValueTask<Errno>> act, CancellationToken cancellationToken)
    {
        if (!(await below.OpenAsync(_inner, name, cancellationToken).ConfigureAwait(false)).TryGet(out var directory, out var error))
            return error;
        await using (directory.ConfigureAwait(false))
            return await act(directory, state, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Result<FileStatus>> GetStatusAsync(MountPoint below, string name, CancellationToken cancellationToken)
    {
        if (!(await below.OpenAsync(_inner, name, cancellationToken).ConfigureAwait(false)).TryGet(out var directory, out var error))
            return error;
        await using (directory.ConfigureAwait(false))
            return await directory.GetStatusAsync(cancellationToken).ConfigureAwait(false);
    }
}
