using System.Text;

namespace Fermata.Platform;

/// <summary>Writes text, of bytes in UTF-8.</summary>
internal sealed class TextOutput(TextWriter writer) : OrderedOutput
{
    /// <summary>Keeps the beginning of a character whose rest comes with the next bytes.</summary>
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    protected override ValueTask<Errno> WriteInTurnAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        WriteAsync(bytes, isLast: false, cancellationToken);

    protected override async ValueTask<Errno> FlushInTurnAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(default, isLast: true, cancellationToken).ConfigureAwait(false);
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        return Errno.None;
    }

    private async ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, bool isLast, CancellationToken cancellationToken)
    {
        var chars = new char[_decoder.GetCharCount(bytes.Span, isLast)];
        _decoder.GetChars(bytes.Span, chars, isLast);
        if (chars.Length > 0)
            await writer.WriteAsync(chars, cancellationToken).ConfigureAwait(false);
        return Errno.None;
    }
}
