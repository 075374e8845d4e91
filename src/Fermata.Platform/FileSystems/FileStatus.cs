namespace Fermata.Platform.FileSystems;

/// <summary>What a file system tells about an entry: <c>struct stat</c> of POSIX.</summary>
public readonly record struct FileStatus
{
    /// <summary>What it is.</summary>
    public required FileKind Kind { get; init; }

    /// <summary>The length in bytes; for a symbolic link that of its target's name in UTF-8.</summary>
    public long Length { get; init; }

    /// <summary>The number of the file system. Two entries are the same file if they have this and <see cref="Inode"/> in common.</summary>
    public ulong Device { get; init; }

    /// <summary>The number of the file in its file system.</summary>
    public ulong Inode { get; init; }

    /// <summary>The number of the device that the file stands for, of which the major number begins at bit 8, as in <c>st_rdev</c> of Linux; 0 if it stands for none.</summary>
    internal ulong RepresentedDevice { get; init; }

    /// <summary>How many names the file has.</summary>
    public ulong LinkCount { get; init; }

    /// <summary>Its permissions; null in a file system that has none, of which programs see that everything is permitted to them, and nothing to others.</summary>
    public UnixFileMode? Mode { get; init; }

    /// <summary>When it was last read, in nanoseconds since the beginning of 1970, UTC.</summary>
    public long AccessTime { get; init; }

    /// <summary>When its content last changed, in nanoseconds since the beginning of 1970, UTC.</summary>
    public long ModificationTime { get; init; }

    /// <summary>When its content or its status last changed, in nanoseconds since the beginning of 1970, UTC.</summary>
    public long ChangeTime { get; init; }
}
