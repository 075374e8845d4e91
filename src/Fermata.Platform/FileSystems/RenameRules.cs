namespace Fermata.Platform.FileSystems;

/// <summary>What may be replaced by what, as POSIX has it for <c>rename</c>.</summary>
internal static class RenameRules
{
    /// <summary>Why an entry cannot be replaced; <see cref="Errno.None"/> if it can.</summary>
    /// <param name="kind">What comes.</param>
    /// <param name="replaced">What is there.</param>
    /// <param name="isEmpty">Whether that has no entries.</param>
    public static Errno Check(FileKind kind, FileKind replaced, bool isEmpty) => (kind, replaced) switch
    {
        (FileKind.Directory, FileKind.Directory) => isEmpty ? Errno.None : Errno.ENOTEMPTY,
        (FileKind.Directory, _) => Errno.ENOTDIR,
        (_, FileKind.Directory) => Errno.EISDIR,
        _ => Errno.None,
    };
}
