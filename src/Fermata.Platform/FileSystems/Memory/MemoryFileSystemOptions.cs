namespace Fermata.Platform.FileSystems;

/// <summary>What a <see cref="MemoryFileSystem"/> may hold.</summary>
public sealed record MemoryFileSystemOptions
{
    /// <summary>The options that are used where none are given.</summary>
    public static MemoryFileSystemOptions Default { get; } = new();

    /// <summary>
    /// The most bytes that the contents of all files may take; beyond it there is <see cref="Errno.ENOSPC"/>. Holes take nothing; what has been written takes blocks of 1 KiB
    /// to 64 KiB. Files that have been removed but are still open count. Default: 1 GiB.
    /// </summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>The most entries that all directories may have together; beyond it there is <see cref="Errno.ENOSPC"/>. Default: 1,000,000.</summary>
    public int MaxEntries { get; init; } = 1_000_000;

    /// <summary>Tells the times that files get. Default: <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
