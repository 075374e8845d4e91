using Fermata.Platform;

namespace Fermata.Cli;

/// <summary>The line of a terminal in which the cursor is, as far as programs write there through <see cref="Follow"/>.</summary>
internal sealed class TerminalLine
{
    private volatile bool _isEmpty = true;

    /// <summary>Whether nothing was written in it, so that whoever writes over it erases nothing.</summary>
    public bool IsEmpty
    {
        get => _isEmpty;
        set => _isEmpty = value;
    }

    /// <summary>A stream whose bytes are seen here, if they go to a terminal.</summary>
    public OutputStream Follow(OutputStream output) => output.IsTerminal ? new Followed(output, this) : output;

    private sealed class Followed(OutputStream output, TerminalLine line) : OutputStream
    {
        public override bool IsTerminal => output.IsTerminal;

        public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
        {
            if (bytes.Length > 0)
                line.IsEmpty = bytes.Span[^1] == '\n';
            return output.WriteAsync(bytes, cancellationToken);
        }

        public override ValueTask<Errno> FlushAsync(CancellationToken cancellationToken = default) => output.FlushAsync(cancellationToken);

        public override ValueTask<Errno> WaitAsync(CancellationToken cancellationToken = default) => output.WaitAsync(cancellationToken);
    }
}
