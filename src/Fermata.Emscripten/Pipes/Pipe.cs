using Fermata.Platform;
using Fermata.Platform.Network;
using Fermata.Wasi;

namespace Fermata.Emscripten.Pipes;

/// <summary>A pipe of a program, as Linux has them (pipe(7)).</summary>
/// <remarks>A read that is cancelled takes nothing away: what it had read already is put back for the next.</remarks>
internal sealed class Pipe
{
    /// <summary>So many bytes may be on their way.</summary>
    public const int Capacity = 64 * 1024;

    /// <summary><c>PIPE_BUF</c>: what is no longer is written as a whole, without bytes of others in between.</summary>
    public const int LongestWhole = 4096;

    private readonly Lock _lock = new();
    private readonly ByteQueue _bytes = new();
    private bool _hasReader = true;
    private bool _hasWriter = true;

    /// <summary>Completed when those who wait now are to look again; null if nobody waits.</summary>
    private TaskCompletionSource? _change;

    /// <summary>Reads what is there, or waits for it.</summary>
    /// <returns>How much was read, nothing when nobody writes any more; <see cref="Errno.EAGAIN"/> if there is nothing and nobody is to wait.</returns>
    public async ValueTask<Result<Taken>> ReadAsync(Memory<byte> buffer, bool isNonblocking, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (buffer.Length == 0 || (_bytes.Count == 0 && !_hasWriter))
                    return default(Taken);
                if (_bytes.Count > 0)
                    return Take(buffer, cancellationToken);
                if (isNonblocking)
                    return Errno.EAGAIN;
                change = NextChange();
            }

            await change.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes bytes, and waits where there is no room.</summary>
    /// <returns>
    /// How many were written: all, unless nobody is to wait or to read; <see cref="Errno.EAGAIN"/> if there is no room and nobody is to wait, <see cref="Errno.EPIPE"/> if nobody
    /// reads.
    /// </returns>
    public async ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> bytes, bool isNonblocking, CancellationToken cancellationToken)
    {
        var written = 0;
        while (written < bytes.Length)
        {
            Task change;
            lock (_lock)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!_hasReader)
                    return written > 0 ? written : Errno.EPIPE;
                var rest = bytes.Span[written..];
                var fitting = Math.Min(rest.Length, Room);
                if (fitting > 0 && (fitting == rest.Length || bytes.Length > LongestWhole))
                {
                    _bytes.Append(rest[..fitting]);
                    written += fitting;
                    Signal();
                    continue;
                }

                if (isNonblocking)
                    return written > 0 ? written : Errno.EAGAIN;
                change = NextChange();
            }

            await change.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return written;
    }

    /// <summary>Waits until a read would not wait.</summary>
    public ValueTask<Result<Readiness>> WaitReadableAsync(CancellationToken cancellationToken) =>
        WaitAsync(static pipe => pipe._bytes.Count > 0 || !pipe._hasWriter ? new Readiness(pipe._bytes.Count, IsHungUp: !pipe._hasWriter) : null, cancellationToken);

    /// <summary>Waits until something that is written as a whole would not wait.</summary>
    public ValueTask<Result<Readiness>> WaitWritableAsync(CancellationToken cancellationToken) =>
        WaitAsync(static pipe => pipe.Room >= LongestWhole || !pipe._hasReader ? new Readiness(pipe.Room, IsHungUp: !pipe._hasReader) : null, cancellationToken);

    /// <summary>Waits until nobody writes any more.</summary>
    public ValueTask<Result<Readiness>> WaitForLastWriterAsync(CancellationToken cancellationToken) =>
        WaitAsync(static pipe => pipe._hasWriter ? null : new Readiness(pipe._bytes.Count, IsHungUp: true), cancellationToken);

    /// <summary>Waits until nobody reads any more.</summary>
    /// <returns><see cref="Errno.EPIPE"/>.</returns>
    public async ValueTask<Result<Readiness>> WaitForLastReaderAsync(CancellationToken cancellationToken)
    {
        await WaitAsync(static pipe => pipe._hasReader ? null : default(Readiness), cancellationToken).ConfigureAwait(false);
        return Errno.EPIPE;
    }

    /// <summary>Nobody reads any more.</summary>
    public void CloseReader()
    {
        lock (_lock)
        {
            _hasReader = false;
            _bytes.Clear();
            Signal();
        }
    }

    /// <summary>Nobody writes any more.</summary>
    public void CloseWriter()
    {
        lock (_lock)
        {
            _hasWriter = false;
            Signal();
        }
    }

    /// <summary>What was put back may be beyond the capacity.</summary>
    private int Room => Math.Max(0, Capacity - _bytes.Count);

    private Taken Take(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = _bytes.Take(buffer.Span);
        Signal();
        return new Taken(count, cancellationToken.CanBeCanceled ? new Delivery(_lock, () => PutBack(buffer.Span[..count]), cancellationToken) : null);
    }

    /// <summary>The lock is held.</summary>
    private void PutBack(ReadOnlySpan<byte> bytes)
    {
        if (!_hasReader)
            return;
        _bytes.PutBack(bytes);
        Signal();
    }

    private async ValueTask<Result<Readiness>> WaitAsync(Func<Pipe, Readiness?> find, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                if (find(this) is { } readiness)
                    return readiness;
                change = NextChange();
            }

            await change.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Completed when something changes. The lock is held.</summary>
    private Task NextChange() => (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Has all who wait look again. The lock is held.</summary>
    private void Signal()
    {
        _change?.SetResult();
        _change = null;
    }
}
