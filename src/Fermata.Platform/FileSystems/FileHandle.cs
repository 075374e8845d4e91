namespace Fermata.Platform.FileSystems;

/// <summary>An open file. It stays the same file when it is renamed, and stays open when it is removed.</summary>
/// <remarks>
/// <para>It has no position: whoever opened it keeps one. Many operations may run at once, and from many threads. None may begin after the handle has been closed:
/// <see cref="ObjectDisposedException"/>.</para>
/// <para>
/// Reading what was not opened with <see cref="FileOpening.Read"/>, or changing content or length without <see cref="FileOpening.Write"/>, gives <see cref="Errno.EBADF"/>.
/// Places before the beginning give <see cref="Errno.EINVAL"/>, those that no number of 63 bits tells <see cref="Errno.EFBIG"/>.
/// </para>
/// <para>What derives from this and overrides nothing that writes is read-only: <see cref="Errno.EROFS"/>.</para>
/// </remarks>
public abstract class FileHandle : IAsyncDisposable
{
    /// <summary>The handle that this one stands for, in a file system around another one; null if it is a file of its own. Record locks then hold against other processes where those of that handle do.</summary>
    protected virtual FileHandle? Inner => null;

    /// <summary>Whether it is a terminal.</summary>
    internal virtual bool IsTerminal => Inner is { IsTerminal: true };

    /// <summary>Locks of the file that other processes see; null if there are none.</summary>
    internal virtual HostLocks? OpenLocks() => Inner?.OpenLocks();

    /// <summary>Tells about the file.</summary>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public abstract ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads bytes.</summary>
    /// <param name="buffer">Where they go to.</param>
    /// <param name="offset">Where they are in the file, in bytes; what has no places, such as a pipe, ignores it.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>How many were read: as many as fit in the buffer, but for the end of the file; 0 at its end.</returns>
    public abstract ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken = default);

    /// <summary>Writes bytes, and makes the file longer where they do not fit; what is between its end and the offset is zero then.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="offset">Where they go to in the file, in bytes; what has no places, such as a pipe, ignores it.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>How many were written, at least one if there are any.</returns>
    public virtual ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    /// <summary>Writes bytes at the end of the file, wherever that is by then: nobody else's bytes are overwritten.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>How many were written, at least one if there are any.</returns>
    public virtual ValueTask<Result<int>> AppendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    /// <summary>Makes the file shorter, or longer by zeros.</summary>
    /// <param name="length">Its new length in bytes.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public virtual ValueTask<Errno> SetLengthAsync(long length, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    /// <summary>Sees to it that writing to a range will not fail for want of space; the file is that long afterwards.</summary>
    /// <param name="offset">Where the range begins, in bytes.</param>
    /// <param name="length">Its length in bytes, more than 0 (<see cref="Errno.EINVAL"/>).</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public virtual ValueTask<Errno> AllocateAsync(long offset, long length, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    /// <summary>Sets the times of the file.</summary>
    /// <param name="times">The times.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public virtual ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    /// <summary>Sets the permissions of the file.</summary>
    /// <param name="mode">The permissions.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns><see cref="Errno.None"/>, or <see cref="Errno.ENOTSUP"/> in a file system that has none.</returns>
    public virtual ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default) => new(Errno.ENOTSUP);

    /// <summary>Waits until what was written will survive a loss of power.</summary>
    /// <param name="dataOnly">Whether the status, such as times, may be lost.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public virtual ValueTask<Errno> SyncAsync(bool dataOnly, CancellationToken cancellationToken = default) => new(Errno.None);

    /// <summary>Closes the handle. Once more does nothing.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }
}
