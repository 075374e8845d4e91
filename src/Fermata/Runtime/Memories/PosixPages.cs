using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fermata.Runtime;

/// <summary>Linux and macOS: pages without access rights are reserved only, and count as used once they are writable.</summary>
internal static unsafe partial class PosixPages
{
    private const int ProtectionNone = 0;
    private const int ProtectionReadWrite = 1 | 2;
    private const int ProtectionReadExecute = 1 | 4;
    private const int MapPrivate = 0x02;
    private const int MapFixed = 0x10;

    /// <summary>MFD_CLOEXEC.</summary>
    private const uint CloseOnExecute = 1;

    private static readonly int MapAnonymous = OperatingSystem.IsLinux() ? 0x20 : 0x1000;

    public static nint Reserve(nuint size) => Map(0, size, ProtectionNone, MapPrivate | MapAnonymous);

    public static bool TryCommit(nint address, nuint size) => Protect(address, size, ProtectionReadWrite) == 0;

    /// <summary>Makes pages that are backed reserved ones again.</summary>
    public static bool TryDecommit(nint address, nuint size) =>
        Map(address, size, ProtectionNone, MapPrivate | MapAnonymous | MapFixed) == address;

    public static bool Release(nint address, nuint size) => Unmap(address, size) == 0;

    /// <summary>Makes an empty file in memory, which nothing else of the system sees.</summary>
    /// <returns>Null if the system has none: only Linux does.</returns>
    public static SafeFileHandle? TryCreateFile()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var file = CreateMemoryFile("fermata", CloseOnExecute);
        return file < 0 ? null : new SafeFileHandle(file, ownsHandle: true);
    }

    /// <summary>Backs pages with those of a file: they are the same until they are written to.</summary>
    public static bool TryMap(nint address, nuint size, SafeFileHandle file)
    {
        var isHeld = false;
        file.DangerousAddRef(ref isHeld);
        try
        {
            return Map(address, size, ProtectionReadWrite, MapPrivate | MapFixed, (int)file.DangerousGetHandle(), 0) == address;
        }
        finally
        {
            file.DangerousRelease();
        }
    }

    /// <summary>Puts machine code where it can be run, for good.</summary>
    /// <returns>Its address; 0 if the system does not allow it.</returns>
    public static nint TryAddCode(ReadOnlySpan<byte> code)
    {
        var size = (nuint)Environment.SystemPageSize;
        var address = Map(0, size, ProtectionReadWrite, MapPrivate | MapAnonymous);
        if (address == 0)
            return 0;
        code.CopyTo(new Span<byte>((void*)address, (int)size));
        if (Protect(address, size, ProtectionReadExecute) == 0)
            return address;
        Release(address, size);
        return 0;
    }

    private static nint Map(nint address, nuint length, int protection, int flags)
    {
        var mapped = Map(address, length, protection, flags, -1, 0);
        return mapped == -1 ? 0 : mapped;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
