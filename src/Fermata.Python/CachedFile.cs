using System.Security.Cryptography;

namespace Fermata.Python;

/// <summary>A file of a cache, which any number of processes read and write at once: it appears when it is complete, and is taken for none when it is damaged.</summary>
internal static class CachedFile
{
    private const string UnfinishedExtension = ".unfinished";
    private const int ChecksumLength = SHA256.HashSizeInBytes;

    /// <summary>Reads it.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>Its content; null if there is no undamaged file.</returns>
    public static async Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return null;
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        if (bytes.Length < ChecksumLength)
            return null;
        var content = bytes[..^ChecksumLength];
        return bytes.AsSpan(^ChecksumLength..).SequenceEqual(SHA256.HashData(content)) ? content : null;
    }

    /// <summary>Writes it, in place of one that is there, and makes its folder, for the user alone.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="content">Its content.</param>
    /// <param name="cancellationToken">Cancels it; nothing is changed.</param>
    public static async Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var unfinished = Path.Combine(folder, $"{Guid.NewGuid():N}{UnfinishedExtension}");
        try
        {
            await File.WriteAllBytesAsync(unfinished, [.. content, .. SHA256.HashData(content)], cancellationToken).ConfigureAwait(false);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
