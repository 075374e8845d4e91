using System.Runtime.ExceptionServices;

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

    /// <summary>What the stream threw, as long as no read has told it.</summary>
    private Exception? _failure;

    /// <summary>The read that fills the buffer, which never fails; null if there is none.</summary>
    private Task? _filling;

    public override async ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0)
            return 0;
        while (true)
        {
            Task filling;
            lock (_lock)
            {
                if (_failure is { } failure)
                {
                    _failure = null;
                    ExceptionDispatchInfo.Throw(failure);
                }

                if (_start < _end || _hasEnded)
                    return Take(buffer.Span);
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
                if (_failure is { } failure)
                    ExceptionDispatchInfo.Throw(failure);
                if (_start < _end || _hasEnded)
                    return _end - _start;
                filling = Fill();
            }

            await filling.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes what fits from the buffer. The lock is held.</summary>
    private int Take(Span<byte> target)
    {
        var count = Math.Min(target.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(target);
        _start += count;
        return count;
    }

    /// <summary>Begins to fill the buffer, which is empty, if nobody has. The lock is held.</summary>
    private Task Fill()
    {
        if (_filling is { } filling)
            return filling;
        _buffer ??= new byte[BufferBytes];

        // The stream may read where it stands: others must be able to look at the buffer meanwhile.
        return _filling = Task.Run(FillAsync);
    }

    private async Task FillAsync()
    {
        var count = 0;
        Exception? failure = null;
        try
        {
            count = await stream.ReadAsync(_buffer).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
        }

        lock (_lock)
        {
            (_start, _end, _failure, _filling) = (0, count, failure, null);
            _hasEnded = count == 0 && failure is null;
        }
    }
}
