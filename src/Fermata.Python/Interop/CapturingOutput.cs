using System.Buffers;
using System.Text;
using Fermata.Platform;

namespace Fermata.Python.Interop;

/// <summary>Standard error, of which what Python prints of an exception is kept for the host instead.</summary>
/// <param name="output">Where all else goes.</param>
internal sealed class CapturingOutput(OutputStream output) : OutputStream
{
    private ArrayBufferWriter<byte>? _captured;

    public override bool IsTerminal => output.IsTerminal;

    public void Capture() => _captured = new ArrayBufferWriter<byte>();

    /// <summary>What was written since <see cref="Capture"/>.</summary>
    public string Take()
    {
        var text = _captured is null ? "" : Encoding.UTF8.GetString(_captured.WrittenSpan);
        _captured = null;
        return text;
    }

    public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        if (_captured is not { } captured)
            return output.WriteAsync(bytes, cancellationToken);
        captured.Write(bytes.Span);
        return new(Errno.None);
    }

    public override ValueTask<Errno> FlushAsync(CancellationToken cancellationToken = default) => output.FlushAsync(cancellationToken);

    public override ValueTask<Errno> WaitAsync(CancellationToken cancellationToken = default) => _captured is null ? output.WaitAsync(cancellationToken) : new(Errno.None);
}
