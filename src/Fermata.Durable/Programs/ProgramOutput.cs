using System.Buffers;
using Fermata.Platform;

namespace Fermata.Durable;

/// <summary>What a program writes between two commits.</summary>
internal sealed class ProgramOutput
{
    /// <summary>More than that is no output but a mistake; the program is told that there is no room for it.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte>[] _streams = [new(), new()];

    public ProgramOutput() => (Output, Error) = (new Recorder(this, 0), new Recorder(this, 1));

    public OutputStream Output { get; }

    public OutputStream Error { get; }

    /// <summary>Takes what was written, for a commit: of standard output and of standard error.</summary>
    public byte[][] Take()
    {
        lock (_lock)
        {
            var taken = Array.ConvertAll(_streams, static stream => stream.WrittenSpan.ToArray());
            foreach (var stream in _streams)
                stream.Clear();
            return taken;
        }
    }

    private Errno Write(int stream, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_streams[0].WrittenCount + _streams[1].WrittenCount + bytes.Length > MostBytes)
                return Errno.ENOSPC;
            _streams[stream].Write(bytes);
            return Errno.None;
        }
    }

    private sealed class Recorder(ProgramOutput output, int stream) : OutputStream
    {
        public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) => new(output.Write(stream, bytes.Span));
    }
}
