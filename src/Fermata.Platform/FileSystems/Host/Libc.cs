using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fermata.Platform.FileSystems;

/// <summary>Functions of the C library of Linux on 64-bit processors, as they are; glibc and musl have them all. Whoever calls them looks at errno.</summary>
internal static unsafe partial class Libc
{
    private const string Name = "libc";

    [LibraryImport(Name, EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(SafeFileHandle directory, string name, int flags, uint mode);

    [LibraryImport(Name, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle OpenPath(string path, int flags, uint mode);

    [LibraryImport(Name, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Statx(SafeFileHandle directory, string name, int flags, uint mask, out StatxResult result);

    [LibraryImport(Name, EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(SafeFileHandle directory, string name, uint mode);

    [LibraryImport(Name, EntryPoint = "fchmodat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetMode(SafeFileHandle directory, string name, uint mode, int flags);

    [LibraryImport(Name, EntryPoint = "fchmod", SetLastError = true)]
    public static partial int SetMode(SafeFileHandle file, uint mode);

    [LibraryImport(Name, EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(SafeFileHandle directory, string name, int flags);

    [LibraryImport(Name, EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(SafeFileHandle directory, string name, SafeFileHandle newDirectory, string newName);

    [LibraryImport(Name, EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(SafeFileHandle directory, string name, SafeFileHandle newDirectory, string newName, int flags);

    [LibraryImport(Name, EntryPoint = "symlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SymbolicLink(string target, SafeFileHandle directory, string name);

    [LibraryImport(Name, EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ReadLink(SafeFileHandle directory, string name, byte* buffer, nint length);

    [LibraryImport(Name, EntryPoint = "utimensat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetTimes(SafeFileHandle directory, string name, TimeSpec* times, int flags);

    [LibraryImport(Name, EntryPoint = "futimens", SetLastError = true)]
    public static partial int SetTimes(SafeFileHandle file, TimeSpec* times);

    [LibraryImport(Name, EntryPoint = "pread", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, byte* buffer, nint length, long offset);

    [LibraryImport(Name, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, byte* buffer, nint length);

    /// <summary>With <c>FIONREAD</c> how many bytes can be read without waiting.</summary>
    [LibraryImport(Name, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeFileHandle file, nuint request, out int result);

    /// <summary>With <c>F_DUPFD_CLOEXEC</c> another number for what is open.</summary>
    [LibraryImport(Name, EntryPoint = "fcntl", SetLastError = true)]
    public static partial SafeFileHandle Duplicate(SafeFileHandle file, int command, int lowest);

    /// <summary>With <c>F_OFD_SETLK</c> and <c>F_OFD_GETLK</c> locks of a file.</summary>
    [LibraryImport(Name, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(SafeFileHandle file, int command, ref FileLock structure);

    [LibraryImport(Name, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(ref PollEntry entry, nuint count, int milliseconds);

    [LibraryImport(Name, EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, byte* buffer, nint length, long offset);

    [LibraryImport(Name, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, byte* buffer, nint length);

    [LibraryImport(Name, EntryPoint = "pwritev2", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, IoVector* vectors, int count, long offset, int flags);

    [LibraryImport(Name, EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(SafeFileHandle file, long length);

    [LibraryImport(Name, EntryPoint = "fallocate", SetLastError = true)]
    public static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport(Name, EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);

    [LibraryImport(Name, EntryPoint = "fdatasync", SetLastError = true)]
    public static partial int SyncData(SafeFileHandle file);

    [LibraryImport(Name, EntryPoint = "fdopendir", SetLastError = true)]
    public static partial SafeDirectoryStream OpenDirectory(nint file);

    /// <summary>Gives null at the end too, so that errno, which it leaves alone then, must be 0 before: what SetLastError does.</summary>
    [LibraryImport(Name, EntryPoint = "readdir", SetLastError = true)]
    public static partial byte* ReadDirectory(SafeDirectoryStream directory);

    [LibraryImport(Name, EntryPoint = "closedir")]
    public static partial int CloseDirectory(nint directory);

    /// <summary><c>struct timespec</c>.</summary>
    public readonly record struct TimeSpec(long Seconds, long Nanoseconds);

    /// <summary><c>struct pollfd</c>.</summary>
    public readonly record struct PollEntry(int Descriptor, short Events, short Happened);

    /// <summary><c>struct flock</c>, with offsets of 64 bits.</summary>
    public record struct FileLock(short Kind, short Whence, long Start, long Length, int Process);

    /// <summary><c>struct iovec</c>.</summary>
    public readonly struct IoVector(byte* buffer, nint length)
    {
        public readonly byte* Buffer = buffer;
        public readonly nint Length = length;
    }
}
