namespace Fermata.Platform;

/// <summary>Bytes that are there already.</summary>
internal sealed class BytesInput(ReadOnlyMemory<byte> bytes) : InputStream
{
    private readonly Lock _lock = new();
    private ReadOnlyMemory<byte> _rest = bytes;

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            var count = Math.Min(buffer.Length, _rest.Length);
            _rest[..count].CopyTo(buffer);
            _rest = _rest[count..];
            return new(count);
        }
    }

    public override ValueTask<Result<int>> WaitAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
            return new(_rest.Length);
    }
}
