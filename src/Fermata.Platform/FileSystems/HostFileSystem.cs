using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fermata.Platform.FileSystems;

/// <summary>A directory of the host, out of which nothing leads.</summary>
/// <remarks>
/// <para>
/// Every path is followed from one open directory to the next, and the operating system gets single names, which it does not follow. So nothing outside of the directory is
/// reached by <c>..</c>, by symbolic links, or by replacing one by the other meanwhile. What is mounted below the directory is in it, and so is what hard links of the host
/// share with it.
/// </para>
/// <para>
/// Devices and sockets are listed but cannot be opened (<see cref="Errno.EACCES"/>, <see cref="Errno.ENXIO"/>); named pipes can. Names that are not UTF-8 are not listed and
/// cannot be reached. Permissions are those of the operating system. Programs make files and directories with those that they say (WASI's say nothing: 0666 and 0777), less the umask
/// of the process, and change those of files of the process's user; they set no bits beyond 0777, and cannot change owners.
/// </para>
/// <para>Operations on files and directories complete synchronously, on the thread that begins them. For Linux on x64 and arm64.</para>
/// </remarks>
public sealed class HostFileSystem : FileSystem
{
    private readonly SafeFileHandle _root;
    private readonly bool _isReadOnly;

    /// <summary>Opens a directory, which stays the same when it is renamed.</summary>
    /// <param name="path">Its path; symbolic links in it are followed.</param>
    /// <param name="isReadOnly">Whether nothing can be written: <see cref="Errno.EROFS"/>.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="UnauthorizedAccessException">The process may not open it.</exception>
    /// <exception cref="IOException">It cannot be opened for another reason.</exception>
    /// <exception cref="PlatformNotSupportedException">The process does not run on Linux on x64 or arm64.</exception>
    public HostFileSystem(string path, bool isReadOnly = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
        {
            throw new PlatformNotSupportedException(
                "HostFileSystem needs Linux on x64 or arm64, whose calls on open directories keep programs inside. Elsewhere copy what programs need to a MemoryFileSystem.");
        }

        _isReadOnly = isReadOnly;
        if (LinuxCalls.OpenRoot(Path.GetFullPath(path)).TryGet(out var root, out var error))
            _root = root;
        else
            throw ToException(path, error);
    }

    /// <inheritdoc/>
    public override ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!LinuxCalls.OpenAgain(_root).TryGet(out var opened, out var error))
            return new(error);
        DirectoryHandle root = new HostDirectoryHandle(opened);
        return new(_isReadOnly ? new ReadOnlyDirectoryHandle(root) : root);
    }

    private static Exception ToException(string path, Errno error) => error switch
    {
        Errno.ENOENT or Errno.ENOTDIR => new DirectoryNotFoundException($"There is no directory '{path}' ({error})."),
        Errno.EACCES or Errno.EPERM => new UnauthorizedAccessException($"The directory '{path}' may not be opened ({error})."),
        _ => new IOException($"The directory '{path}' cannot be opened ({error})."),
    };
}
