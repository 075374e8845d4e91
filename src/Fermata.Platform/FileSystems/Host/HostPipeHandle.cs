using Microsoft.Win32.SafeHandles;

namespace Fermata.Platform.FileSystems;

/// <summary>An open named pipe of the host. Where it would block, it is asked again after a while, so that no thread waits and whoever does can be cancelled.</summary>
/// <remarks>A pipe that nobody has open for writing is at its end; one that nobody has open for reading cannot be opened for writing (<see cref="Errno.ENXIO"/>).</remarks>
internal sealed class HostPipeHandle(SafeFileHandle pipe, FileOpening opening) : FileHandle
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(32);

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(LinuxCalls.GetStatus(pipe));
    }

    /// <summary>Reads what is there, at least one byte unless the pipe is at its end.</summary>
    /// <inheritdoc/>
    public override async ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken = default)
    {
        if (!opening.HasFlag(FileOpening.Read))
            return Errno.EBADF;
        cancellationToken.ThrowIfCancellationRequested();
        for (var pause = ShortestPause; ; pause = await PauseAsync(pause, cancellationToken).ConfigureAwait(false))
        {
            var read = LinuxCalls.Read(pipe, buffer.Span, offset: null);
            if (read.Error != Errno.EAGAIN)
                return read;
        }
    }

    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken = default) =>
        AppendAsync(buffer, cancellationToken);

    public override async ValueTask<Result<int>> AppendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!opening.HasFlag(FileOpening.Write))
            return Errno.EBADF;
        cancellationToken.ThrowIfCancellationRequested();
        for (var pause = ShortestPause; ; pause = await PauseAsync(pause, cancellationToken).ConfigureAwait(false))
        {
            var written = LinuxCalls.Write(pipe, buffer.Span, offset: null);
            if (written.Error != Errno.EAGAIN)
                return written;
        }
    }

    public override ValueTask<Errno> SetLengthAsync(long length, CancellationToken cancellationToken = default) => new(Errno.EINVAL);

    public override ValueTask<Errno> AllocateAsync(long offset, long length, CancellationToken cancellationToken = default) => new(Errno.ESPIPE);

    public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(LinuxCalls.SetTimesOfFile(pipe, times));
    }

    public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(LinuxCalls.SetModeOfFile(pipe, mode));
    }

    public override ValueTask<Errno> SyncAsync(bool dataOnly, CancellationToken cancellationToken = default) => new(Errno.EINVAL);

    public override ValueTask DisposeAsync()
    {
        pipe.Dispose();
        return base.DisposeAsync();
    }

    private static async ValueTask<TimeSpan> PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        return pause < LongestPause ? pause * 2 : pause;
    }
}
