using System.Buffers;
using System.Text;
using Fermata.Platform;

namespace Fermata.Python.Sandboxing;

/// <summary>Keeps what is written, up to a number of bytes; what is beyond that is dropped, and told.</summary>
internal sealed class BoundedOutput(int most) : OutputStream
{
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _written = new();

    /// <summary>Is called when there is more than may be.</summary>
    public event Action? Exceeded;

    public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        bool fits;
        lock (_lock)
        {
            var room = most - _written.WrittenCount;
            fits = bytes.Length <= room;
            _written.Write(bytes.Span[..Math.Min(bytes.Length, room)]);
        }

        if (!fits)
            Exceeded?.Invoke();
        return new(Errno.None);
    }

    /// <summary>What was written since this was last called.</summary>
    public string Take()
    {
        lock (_lock)
        {
            var text = Encoding.UTF8.GetString(_written.WrittenSpan);
            _written.Clear();
            return text;
        }
    }
}
