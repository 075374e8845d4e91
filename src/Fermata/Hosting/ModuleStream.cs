using Fermata.Validation;

namespace Fermata.Hosting;

/// <summary>Reads a module to its end, wherever that is.</summary>
internal static class ModuleStream
{
    private const int FirstLength = 64 * 1024;

    /// <summary>Reads a stream. Its length is not asked for: it may be unknown, or wrong.</summary>
    /// <param name="stream">The stream, from where it stands.</param>
    /// <param name="limit">The most bytes that a module may have.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    /// <exception cref="InvalidModuleException">There are more.</exception>
    public static async Task<byte[]> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var bytes = new byte[Math.Min(FirstLength, limit + 1)];
        var length = 0;
        while (await stream.ReadAsync(bytes.AsMemory(length), cancellationToken).ConfigureAwait(false) is var count && count > 0)
        {
            length += count;
            RequireLength(length, limit);
            if (length == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(2L * length, limit + 1L));
        }

        Array.Resize(ref bytes, length);
        return bytes;
    }

    /// <exception cref="InvalidModuleException">The module is too long.</exception>
    public static void RequireLength(long length, int limit = ImplementationLimits.ModuleBytes)
    {
        if (length > limit)
            throw new InvalidModuleException($"module size exceeds the limit of {limit} bytes", limit);
    }
}
