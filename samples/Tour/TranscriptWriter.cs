using System.Text;

namespace Fermata.Samples;

/// <summary>Keeps what it passes on.</summary>
/// <param name="output">Where everything goes.</param>
internal sealed class TranscriptWriter(TextWriter output) : TextWriter
{
    private readonly StringBuilder _transcript = new();

    /// <summary>All that was written.</summary>
    public string Transcript => _transcript.ToString();

    /// <inheritdoc/>
    public override Encoding Encoding => output.Encoding;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        output.Write(value);
        _transcript.Append(value);
    }

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        output.Write(value);
        _transcript.Append(value);
    }
}
