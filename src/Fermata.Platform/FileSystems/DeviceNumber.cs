namespace Fermata.Platform.FileSystems;

/// <summary>Numbers of file systems that are no device of the host.</summary>
internal static class DeviceNumber
{
    /// <summary>Set in them, and in none of the host's.</summary>
    private const ulong Mark = 1UL << 63;

    private static long _last;

    /// <summary>A number that no other file system of the process has.</summary>
    public static ulong Next() => Mark | (ulong)Interlocked.Increment(ref _last);
}
