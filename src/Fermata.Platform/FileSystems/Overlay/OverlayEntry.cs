namespace Fermata.Platform.FileSystems;

/// <summary>What the two file systems have of a name. There is one at least.</summary>
/// <param name="Upper">What the upper one has.</param>
/// <param name="Lower">What the lower one has, if it has not been removed.</param>
internal readonly record struct OverlayEntry(FileStatus? Upper, FileStatus? Lower)
{
    /// <summary>What programs see.</summary>
    public FileStatus Status => (Upper, Lower) switch
    {
        ({ Kind: FileKind.Directory } upper, { Kind: FileKind.Directory } lower) => Merge(upper, lower),
        ({ } upper, _) => upper,
        _ => Lower!.Value,
    };

    public FileKind Kind => (Upper ?? Lower)!.Value.Kind;

    /// <summary>Whether it is a directory that the lower file system has.</summary>
    public bool IsLowerDirectory => Kind == FileKind.Directory && Lower is { Kind: FileKind.Directory };

    /// <summary>A directory of both stays the same when the upper file system gets it.</summary>
    public static FileStatus Merge(FileStatus upper, FileStatus lower) => upper with { Device = lower.Device, Inode = lower.Inode, Mode = upper.Mode ?? lower.Mode };
}
