namespace Fermata.Platform;

/// <summary>The bytes of a .NET stream.</summary>
/// <remarks>
/// A .NET stream cannot be asked whether there is something, and what a cancelled read took may be lost. So bytes are read ahead into a buffer, by one read that all
/// who wait share and nobody cancels.
/// </remarks>
internal sealed class StreamInput(Stream stream) : InputStream
{
    private const int BufferBytes = 16 * 1024;

    private readonly Lock _lock = new();
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private bool _hasEnded;

    /// <summary>The read that fills the buffer; null if there is none.</summary>
    private Task? _filling;

    public override async ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (buffer.Length == 0)
                return 0;
            Task filling;
            lock (_lock)
            {
                if (_start < _end)
                {
                    var count = Math.Min(buffer.Length, _end - _start);
                    _buffer.AsMemory(_start, count).CopyTo(buffer);
                    _start += count;
                    return count;
                }

                if (_hasEnded)
                    return 0;
                filling = Fill();
            }

            await filling.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override async ValueTask<Result<int>> WaitAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task filling;
            lock (_lock)
            {
                if (_start < _end || _hasEnded)
                    return _end - _start;
                filling = Fill();
            }

            await filling.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Begins to fill the buffer, which is empty, if nobody has. The lock is held.</summary>
    private Task Fill()
    {
        if (_filling is { IsCompleted: false } filling)
            return filling;
        _buffer ??= new byte[BufferBytes];

        // The stream may read where it stands: others must be able to look at the buffer meanwhile.
        return _filling = Task.Run(FillAsync);
    }

    private async Task FillAsync()
    {
        var count = 0;
        try
        {
            count = await stream.ReadAsync(_buffer).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                (_start, _end) = (0, count);
                _hasEnded = count == 0;
            }
        }
    }
}
