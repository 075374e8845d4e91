using System.Text;

namespace Fermata.Platform.FileSystems;

/// <summary>What may be the name of an entry, in every file system: what POSIX allows, as UTF-8.</summary>
internal static class EntryName
{
    private const int MostBytes = 255;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Why a text is no name; <see cref="Errno.None"/> if it is one.</summary>
    /// <param name="name">The text.</param>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public static Errno Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
            return Errno.ENOENT;
        if (name is "." or ".." || name.AsSpan().ContainsAny('/', '\0'))
            return Errno.EINVAL;
        return TryCountBytes(name, out var bytes) ? bytes <= MostBytes ? Errno.None : Errno.ENAMETOOLONG : Errno.EILSEQ;
    }

    /// <summary>Why a text cannot be where a symbolic link points to; <see cref="Errno.None"/> if it can.</summary>
    /// <param name="target">The text.</param>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public static Errno CheckTarget(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Length == 0)
            return Errno.ENOENT;
        if (target.Contains('\0'))
            return Errno.EINVAL;
        return TryCountBytes(target, out var bytes) ? bytes < PathWalk.LongestPath ? Errno.None : Errno.ENAMETOOLONG : Errno.EILSEQ;
    }

    /// <summary>Decodes a name.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="name">The name.</param>
    /// <returns>Whether it is UTF-8.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out string name)
    {
        var isValid = System.Text.Unicode.Utf8.IsValid(bytes);
        name = isValid ? Encoding.UTF8.GetString(bytes) : "";
        return isValid;
    }

    /// <summary>Counts the bytes of a text as UTF-8; a surrogate that has lost its other half has none.</summary>
    private static bool TryCountBytes(string text, out int count)
    {
        try
        {
            count = StrictUtf8.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            count = 0;
            return false;
        }
    }
}
