using Microsoft.Win32.SafeHandles;

namespace Fermata.Platform.FileSystems;

/// <summary>
/// Locks that this process has in a file of the host, for all programs in it: other processes see them, whether they lock as POSIX has it or by open files, as this does
/// (<c>F_OFD_SETLK</c> of Linux). So closing any other handle of the file takes none away.
/// </summary>
internal sealed class HostLocks : IDisposable
{
    private static readonly LockRange Everything = new(0, long.MaxValue);

    private readonly SafeFileHandle _file;

    private HostLocks(SafeFileHandle file) => _file = file;

    /// <summary>Opens a file once more. It is opened for writing if it can be, whatever a program did, since only so all locks of the process can be in one place.</summary>
    /// <param name="file">The file.</param>
    /// <param name="opening">How it is open.</param>
    /// <returns>Null if that cannot be.</returns>
    public static HostLocks? Open(SafeFileHandle file, FileOpening opening)
    {
        if (LinuxCalls.Reopen(file, isWriting: true).TryGet(out var opened))
            return new HostLocks(opened);
        var other = opening.HasFlag(FileOpening.Write) ? LinuxCalls.Duplicate(file) : LinuxCalls.Reopen(file, isWriting: false);
        return other.TryGet(out opened) ? new HostLocks(opened) : null;
    }

    /// <summary>Locks or unlocks a range, at once or not at all, whatever it was before.</summary>
    /// <returns><see cref="Errno.EAGAIN"/> if another process is in the way.</returns>
    public Errno TrySet(LockKind kind, LockRange range) => LinuxCalls.SetLock(_file, kind, range) switch
    {
        Errno.EACCES => Errno.EAGAIN,

        // A file system without locks.
        Errno.EINVAL or Errno.ENOSYS or Errno.ENOTSUP => Errno.None,
        var error => error,
    };

    /// <summary>A lock of another process that is in the way of one; null if there is none.</summary>
    public (LockKind Kind, LockRange Range)? Find(LockKind kind, LockRange range) =>
        LinuxCalls.FindLock(_file, kind, range).TryGet(out var found) && found.Kind != LockKind.None ? found : null;

    /// <summary>Gives all of it up.</summary>
    public void Dispose()
    {
        // A handle that is a duplicate would keep them.
        LinuxCalls.SetLock(_file, LockKind.None, Everything);
        _file.Dispose();
    }
}
