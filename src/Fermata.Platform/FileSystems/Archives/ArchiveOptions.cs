namespace Fermata.Platform.FileSystems;

/// <summary>What an archive may cost that a <see cref="ZipFileSystem"/> or a <see cref="TarFileSystem"/> reads.</summary>
public sealed record ArchiveOptions
{
    /// <summary>The options that are used where none are given.</summary>
    public static ArchiveOptions Default { get; } = new();

    /// <summary>
    /// The most bytes of decompressed content that are in memory at a time: of a zip archive those of the files that are open, beyond which reading gives
    /// <see cref="Errno.ENOMEM"/>; of a compressed tar archive all of it, beyond which it is refused. Default: 1 GiB.
    /// </summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>The most entries, with the directories that none tells but that others are in; an archive with more is refused. Default: 1,000,000.</summary>
    public int MaxEntries { get; init; } = 1_000_000;
}
