namespace Fermata.Platform.FileSystems;

/// <summary>An open directory. It stays the same directory when it is renamed, and stays open when it is removed.</summary>
/// <remarks>
/// <para>
/// Operations take the name of an entry, never a path: not empty, not <c>.</c> or <c>..</c>, without <c>/</c> and NUL. Paths, <c>..</c> and symbolic links are followed in one
/// place, <see cref="PathWalk"/>. So no operation follows a symbolic link, also not in the last moment: opening one gives <see cref="Errno.ELOOP"/> (or
/// <see cref="Errno.ENOTDIR"/> where a directory is asked for).
/// </para>
/// <para>Many operations may run at once on one handle, and from many threads. None may begin after the handle has been closed: <see cref="ObjectDisposedException"/>.</para>
/// <para>What derives from this and overrides nothing that writes is read-only: <see cref="Errno.EROFS"/>.</para>
/// </remarks>
public abstract class DirectoryHandle : IAsyncDisposable
{
    /// <summary>Tells about the directory itself.</summary>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public abstract ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default);

    /// <summary>Tells about an entry; of a symbolic link about the link.</summary>
    /// <param name="name">The name of the entry.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>The status, or <see cref="Errno.ENOENT"/> if there is no such entry.</returns>
    public abstract ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Opens a directory in this one.</summary>
    /// <param name="name">The name of the entry.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>A handle that whoever asked for it disposes; <see cref="Errno.ENOENT"/> or <see cref="Errno.ENOTDIR"/>.</returns>
    public abstract ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Opens a file in this directory.</summary>
    /// <param name="name">The name of the entry.</param>
    /// <param name="opening">What is to be done with it, and whether it is made.</param>
    /// <param name="mode">The permissions of a file that is made; null for those that the file system gives. One that has none ignores them.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>A handle that whoever asked for it disposes; <see cref="Errno.ENOENT"/>, <see cref="Errno.EEXIST"/>, <see cref="Errno.EISDIR"/>, <see cref="Errno.ELOOP"/>.</returns>
    public abstract ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the entries, without <c>.</c> and <c>..</c>, as they are at some moment.</summary>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public abstract ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads where a symbolic link points to.</summary>
    /// <param name="name">The name of the entry.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>The path, as it was written; <see cref="Errno.EINVAL"/> if the entry is no symbolic link, <see cref="Errno.ENOENT"/> if there is none.</returns>
    public virtual ValueTask<Result<string>> ReadSymbolicLinkAsync(string name, CancellationToken cancellationToken = default) => new(Errno.EINVAL);

    /// <summary>Makes a directory.</summary>
    /// <param name="name">The name of the new entry.</param>
    /// <param name="mode">Its permissions; null for those that the file system gives. One that has none ignores them.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns><see cref="Errno.None"/>, or <see cref="Errno.EEXIST"/> if there is an entry, whatever it is.</returns>
    public virtual ValueTask<Errno> CreateDirectoryAsync(string name, UnixFileMode? mode = null, CancellationToken cancellationToken = default) => RefuseToCreateAsync(name, cancellationToken);

    /// <summary>Makes a symbolic link.</summary>
    /// <param name="name">The name of the new entry.</param>
    /// <param name="target">The path that it points to, which need not exist.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns><see cref="Errno.None"/>, or <see cref="Errno.EEXIST"/> if there is an entry, whatever it is.</returns>
    public virtual ValueTask<Errno> CreateSymbolicLinkAsync(string name, string target, CancellationToken cancellationToken = default) =>
        RefuseToCreateAsync(name, cancellationToken);

    /// <summary>Gives a file, or a symbolic link itself, another name.</summary>
    /// <param name="name">The name of the entry.</param>
    /// <param name="newParent">The directory of the new name, of any file system: <see cref="Errno.EXDEV"/> if that cannot be.</param>
    /// <param name="newName">The new name.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public virtual ValueTask<Errno> LinkAsync(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    /// <summary>Renames an entry, replacing a file, or an empty directory by a directory, that has the name already.</summary>
    /// <param name="name">The name of the entry.</param>
    /// <param name="newParent">The directory of the new name, of any file system: <see cref="Errno.EXDEV"/> if that cannot be.</param>
    /// <param name="newName">The new name.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public virtual ValueTask<Errno> RenameAsync(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    /// <summary>Removes an entry that is no directory (<see cref="Errno.EISDIR"/>). Whoever has it open keeps it.</summary>
    /// <param name="name">The name of the entry.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public virtual ValueTask<Errno> RemoveFileAsync(string name, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    /// <summary>Removes a directory, which must be empty (<see cref="Errno.ENOTEMPTY"/>).</summary>
    /// <param name="name">The name of the entry.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public virtual ValueTask<Errno> RemoveDirectoryAsync(string name, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    /// <summary>Sets the times of an entry; of a symbolic link those of the link.</summary>
    /// <param name="name">The name of the entry.</param>
    /// <param name="times">The times.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public virtual ValueTask<Errno> SetTimesAsync(string name, FileTimes times, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    /// <summary>Sets the times of the directory itself.</summary>
    /// <param name="times">The times.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public virtual ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    /// <summary>Sets the permissions of an entry.</summary>
    /// <param name="name">The name of the entry.</param>
    /// <param name="mode">The permissions.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns><see cref="Errno.None"/>, or <see cref="Errno.ENOTSUP"/> in a file system that has none, and of a symbolic link.</returns>
    public virtual async ValueTask<Errno> SetModeAsync(string name, UnixFileMode mode, CancellationToken cancellationToken = default)
    {
        var error = (await GetStatusAsync(name, cancellationToken).ConfigureAwait(false)).Error;
        return error == Errno.None ? Errno.ENOTSUP : error;
    }

    /// <summary>Sets the permissions of the directory itself.</summary>
    /// <param name="mode">The permissions.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns><see cref="Errno.None"/>, or <see cref="Errno.ENOTSUP"/> in a file system that has none.</returns>
    public virtual ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default) => new(Errno.ENOTSUP);

    /// <summary>Waits until what was written will survive a loss of power.</summary>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public virtual ValueTask<Errno> SyncAsync(CancellationToken cancellationToken = default) => new(Errno.None);

    /// <summary>Closes the handle. Once more does nothing.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>What is there already is told even where nothing can be written: programs that make all directories of a path rely on it.</summary>
    private async ValueTask<Errno> RefuseToCreateAsync(string name, CancellationToken cancellationToken)
    {
        var error = (await GetStatusAsync(name, cancellationToken).ConfigureAwait(false)).Error;
        return error switch
        {
            Errno.None => Errno.EEXIST,
            Errno.ENOENT => Errno.EROFS,
            _ => error,
        };
    }
}
