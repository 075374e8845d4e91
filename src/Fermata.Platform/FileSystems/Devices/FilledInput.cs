namespace Fermata.Platform.FileSystems;

/// <summary>Bytes without end: whatever is asked for is filled, in pieces between which whoever is cancelled ends.</summary>
/// <param name="fill">Fills a span, on any thread.</param>
internal sealed class FilledInput(Action<Span<byte>> fill) : InputStream
{
    private const int PieceBytes = 64 << 10;

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var rest = buffer.Span; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, PieceBytes)..])
        {
            cancellationToken.ThrowIfCancellationRequested();
            fill(rest[..Math.Min(rest.Length, PieceBytes)]);
        }

        return new(buffer.Length);
    }

    public override ValueTask<Result<int>> WaitAsync(CancellationToken cancellationToken = default) => new(PieceBytes);
}
