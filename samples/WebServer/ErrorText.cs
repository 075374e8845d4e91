using System.Buffers;
using System.Text;
using Fermata.Platform;

namespace Fermata.Samples.WebServer;

/// <summary>The first kilobyte of what a program prints to standard error: no program can fill the memory of the server, or its log.</summary>
internal sealed class ErrorText : OutputStream
{
    private const int MostBytes = 1024;
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        _bytes.Write(bytes.Span[..Math.Min(bytes.Length, MostBytes - _bytes.WrittenCount)]);
        return new(Errno.None);
    }

    public override string ToString() => Encoding.UTF8.GetString(_bytes.WrittenSpan);
}
