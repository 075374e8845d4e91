using System.Runtime.InteropServices;

namespace Fermata.Runtime;

internal sealed partial class MemoryReservation
{
    /// <summary>Linux and macOS: pages without access rights are reserved only, and count as used once they are writable.</summary>
    private static partial class Posix
    {
        private const int ProtectionNone = 0;
        private const int ProtectionReadWrite = 1 | 2;
        private const int MapPrivate = 0x02;

        private static readonly int MapAnonymous = OperatingSystem.IsLinux() ? 0x20 : 0x1000;

        public static nint Reserve(nuint size)
        {
            nint address = Map(0, size, ProtectionNone, MapPrivate | MapAnonymous, -1, 0);
            return address == -1 ? 0 : address;
        }

        public static bool TryCommit(nint address, nuint size) => Protect(address, size, ProtectionReadWrite) == 0;

        public static bool Release(nint address, nuint size) => Unmap(address, size) == 0;

        [LibraryImport("libc", EntryPoint = "mmap")]
        private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

        [LibraryImport("libc", EntryPoint = "mprotect")]
        private static partial int Protect(nint address, nuint length, int protection);

        [LibraryImport("libc", EntryPoint = "munmap")]
        private static partial int Unmap(nint address, nuint length);
    }
}
