using System.Runtime.InteropServices;

namespace Fermata.Runtime;

internal static partial class WindowsPages
{
    private const uint AllocationCommit = 0x1000;
    private const uint AllocationReserve = 0x2000;
    private const uint FreeRelease = 0x8000;
    private const uint PageNoAccess = 0x01;
    private const uint PageReadWrite = 0x04;

    public static nint Reserve(nuint size) => Allocate(0, size, AllocationReserve, PageNoAccess);

    public static bool TryCommit(nint address, nuint size) => Allocate(address, size, AllocationCommit, PageReadWrite) != 0;

    public static bool Release(nint address) => Free(address, 0, FreeRelease) != 0;

    [LibraryImport("kernel32", EntryPoint = "VirtualAlloc")]
    private static partial nint Allocate(nint address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32", EntryPoint = "VirtualFree")]
    private static partial int Free(nint address, nuint size, uint type);
}
