using System.Runtime.InteropServices;

namespace Fermata.Runtime;

/// <summary>Linux and macOS: pages without access rights are reserved only, and count as used once they are writable.</summary>
internal static unsafe partial class PosixPages
{
    private const int ProtectionNone = 0;
    private const int ProtectionReadWrite = 1 | 2;
    private const int ProtectionReadExecute = 1 | 4;
    private const int MapPrivate = 0x02;
    private const int MapFixed = 0x10;

    private static readonly int MapAnonymous = OperatingSystem.IsLinux() ? 0x20 : 0x1000;

    public static nint Reserve(nuint size) => Map(0, size, ProtectionNone, MapPrivate | MapAnonymous);

    public static bool TryCommit(nint address, nuint size) => Protect(address, size, ProtectionReadWrite) == 0;

    /// <summary>Makes pages that are backed reserved ones again.</summary>
    public static bool TryDecommit(nint address, nuint size) =>
        Map(address, size, ProtectionNone, MapPrivate | MapAnonymous | MapFixed) == address;

    public static bool Release(nint address, nuint size) => Unmap(address, size) == 0;

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

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
