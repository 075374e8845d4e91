using Microsoft.Win32.SafeHandles;

namespace Fermata.Platform.FileSystems;

/// <summary>An open regular file of the host. All operations complete synchronously but those that may take the system long.</summary>
internal sealed class HostFileHandle(SafeFileHandle file, FileOpening opening) : FileHandle
{
    internal override HostLocks? OpenLocks() => HostLocks.Open(file, opening);

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(LinuxCalls.GetStatus(file));
    }

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Check(FileOpening.Read, offset, 0) is not Errno.None and var error)
            return new(error);
        var wanted = buffer.Span[..(int)Math.Min(buffer.Length, long.MaxValue - offset)];
        var done = 0;
        while (LinuxCalls.Read(file, wanted[done..], offset + done).TryGet(out var count, out error) && count > 0)
        {
            done += count;
            if (done == wanted.Length)
                break;
            cancellationToken.ThrowIfCancellationRequested();
        }

        return Moved(done, error);
    }

    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Check(FileOpening.Write, offset, buffer.Length) is not Errno.None and var error)
            return new(error);
        var done = 0;
        while (LinuxCalls.Write(file, buffer.Span[done..], offset + done).TryGet(out var count, out error))
        {
            done += count;
            if (done == buffer.Length)
                break;
            cancellationToken.ThrowIfCancellationRequested();
        }

        return Moved(done, error);
    }

    /// <summary>At most <see cref="LinuxCalls.MostBytesAtOnce"/>: nobody else's bytes get between those of one call.</summary>
    public override ValueTask<Result<int>> AppendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Check(FileOpening.Write, 0, buffer.Length) is not Errno.None and var error ? error : LinuxCalls.Append(file, buffer.Span));
    }

    public override ValueTask<Errno> SetLengthAsync(long length, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Check(FileOpening.Write, 0, length) is not Errno.None and var badLength)
            return new(badLength);
        if (!LinuxCalls.GetStatus(file).TryGet(out var status, out var error))
            return new(error);
        return status.Length - length > LongCall.ManyBytes
            ? LongCall.MakeAsync(() => LinuxCalls.SetLength(file, length), cancellationToken)
            : new(LinuxCalls.SetLength(file, length));
    }

    public override ValueTask<Errno> AllocateAsync(long offset, long length, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Check(FileOpening.Write, offset, length) is not Errno.None and var error
            ? new(error)
            : LongCall.MakeAsync(() => LinuxCalls.Allocate(file, offset, length), cancellationToken);
    }

    public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(LinuxCalls.SetTimesOfFile(file, times));
    }

    public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(LinuxCalls.SetModeOfFile(file, mode));
    }

    public override ValueTask<Errno> SyncAsync(bool dataOnly, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return LongCall.MakeAsync(() => LinuxCalls.Sync(file, dataOnly), cancellationToken);
    }

    /// <summary>With the last handle of a file that has no name any more goes its content.</summary>
    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        if (!file.IsClosed && LinuxCalls.GetStatus(file).TryGet(out var status) && status is { LinkCount: 0, Length: > LongCall.ManyBytes })
            LongCall.Dispose(file);
        else
            file.Dispose();
        return base.DisposeAsync();
    }

    /// <summary>What has been moved before an error counts more than the error, which comes again.</summary>
    private static ValueTask<Result<int>> Moved(int count, Errno error) => count > 0 || error == Errno.None ? new(count) : new(error);

    private Errno Check(FileOpening needed, long offset, long length) => opening.HasFlag(needed) ? FileRange.Check(offset, length) : Errno.EBADF;
}
