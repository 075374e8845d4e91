namespace Fermata.Platform.FileSystems;

/// <summary>A file whose bytes are a range of a stream.</summary>
/// <param name="stream">The stream; it is locked while it is read.</param>
/// <param name="start">Where the range begins.</param>
/// <param name="length">Its length.</param>
internal sealed class StreamContent(Stream stream, long start, long length) : ArchiveContent
{
    public override long Length => length;

    public override Result<int> Read(Span<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        var count = (int)Math.Min(buffer.Length, Math.Max(0, length - offset));
        lock (stream)
        {
            stream.Position = start + Math.Min(offset, length);
            return stream.ReadAtLeast(buffer[..count], count, throwOnEndOfStream: false);
        }
    }
}
