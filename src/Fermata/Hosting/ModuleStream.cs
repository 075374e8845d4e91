using Fermata.Validation;

namespace Fermata.Hosting;

/// <summary>Reads a module to its end, wherever that is.</summary>
internal static class ModuleStream
{
    private const int FirstLength = 64 * 1024;

    /// <summary>Reads a stream. Its length is not asked for: it may be unknown, or wrong.</summary>
    /// <param name="stream">The stream, from where it stands.</param>
    /// <param name="limit">The most bytes that a module may have (<see cref="EngineOptions.MaxModuleBytes"/>).</param>
    /// <param name="cancellationToken">Ends reading.</param>
    /// <exception cref="LoadLimitException">There are more.</exception>
    public static async Task<byte[]> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var buffer = new Buffer(limit);
        while (await stream.ReadAsync(buffer.Free, cancellationToken).ConfigureAwait(false) is var count && count > 0)
            buffer.Add(count);
        return buffer.ToArray();
    }

    /// <inheritdoc cref="ReadAsync"/>
    public static byte[] Read(Stream stream, int limit)
    {
        var buffer = new Buffer(limit);
        while (stream.Read(buffer.Free.Span) is var count && count > 0)
            buffer.Add(count);
        return buffer.ToArray();
    }

    /// <exception cref="InvalidModuleException">The module is longer than any may be.</exception>
    public static void RequireLength(long length)
    {
        if (length > ImplementationLimits.ModuleBytes)
            throw new InvalidModuleException($"module size exceeds the limit of {ImplementationLimits.ModuleBytes} bytes", ImplementationLimits.ModuleBytes);
    }

    /// <summary>What was read. It grows as bytes come, up to one more than the limit, by which too many are known.</summary>
    private sealed class Buffer(int limit)
    {
        private byte[] _bytes = new byte[Math.Min(FirstLength, limit + 1)];
        private int _length;

        /// <summary>Where the next bytes go; never empty.</summary>
        public Memory<byte> Free => _bytes.AsMemory(_length);

        public void Add(int count)
        {
            _length += count;
            if (_length > limit)
                throw LoadLimitException.OfBytes(limit);
            if (_length == _bytes.Length)
                Array.Resize(ref _bytes, (int)Math.Min(2L * _length, limit + 1L));
        }

        public byte[] ToArray() => _bytes[.._length];
    }
}
