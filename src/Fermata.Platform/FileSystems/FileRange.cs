namespace Fermata.Platform.FileSystems;

/// <summary>Which places in files there are.</summary>
internal static class FileRange
{
    /// <summary>Why there is no such range; <see cref="Errno.None"/> if there is.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <param name="length">How long it is.</param>
    public static Errno Check(long offset, long length)
    {
        if (offset < 0 || length < 0)
            return Errno.EINVAL;
        return offset > long.MaxValue - length ? Errno.EFBIG : Errno.None;
    }
}
