using System.Text;

namespace Fermata.Platform;

/// <summary>Writes text, of bytes in UTF-8.</summary>
internal sealed class TextOutput(TextWriter writer) : OrderedOutput
{
    /// <summary>Keeps the beginning of a character whose rest comes with the next bytes.</summary>
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    protected override async ValueTask WriteInTurnAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var chars = new char[_decoder.GetCharCount(bytes.Span, flush: false)];
        _decoder.GetChars(bytes.Span, chars, flush: false);
        await writer.WriteAsync(chars, cancellationToken).ConfigureAwait(false);
    }

    protected override Task FlushInTurnAsync(CancellationToken cancellationToken) => writer.FlushAsync(cancellationToken);
}
