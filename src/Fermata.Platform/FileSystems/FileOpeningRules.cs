namespace Fermata.Platform.FileSystems;

/// <summary>What an opening means for what is there, the same in every file system.</summary>
internal static class FileOpeningRules
{
    /// <summary>Why a way of opening makes no sense; <see cref="Errno.None"/> if it does.</summary>
    public static Errno Check(this FileOpening opening) =>
        opening.HasFlag(FileOpening.Truncate) && !opening.HasFlag(FileOpening.Write) ? Errno.EINVAL : Errno.None;

    /// <summary>Why an entry that is there cannot be opened; <see cref="Errno.None"/> if it can.</summary>
    /// <remarks>Devices are never opened: what they do is for the host to allow, not for whoever put one into a directory.</remarks>
    public static Errno OfExisting(this FileOpening opening, FileKind kind)
    {
        if (opening.HasFlag(FileOpening.Create | FileOpening.Exclusive))
            return Errno.EEXIST;
        return kind switch
        {
            FileKind.File or FileKind.Pipe => Errno.None,
            FileKind.Directory => Errno.EISDIR,
            FileKind.SymbolicLink => Errno.ELOOP,
            FileKind.Socket => Errno.ENXIO,
            _ => Errno.EACCES,
        };
    }

    /// <summary>Why an entry cannot be opened in a file system that cannot be written; <see cref="Errno.None"/> if it can.</summary>
    /// <param name="opening">How it is opened.</param>
    /// <param name="kind">What is there; null if nothing is.</param>
    public static Errno OfReadOnly(this FileOpening opening, FileKind? kind)
    {
        if (opening.Check() is not Errno.None and var senseless)
            return senseless;
        if (kind is not { } existing)
            return opening.HasFlag(FileOpening.Create) ? Errno.EROFS : Errno.ENOENT;
        if (opening.OfExisting(existing) is not Errno.None and var error)
            return error;
        return opening.HasFlag(FileOpening.Write) ? Errno.EROFS : Errno.None;
    }
}
