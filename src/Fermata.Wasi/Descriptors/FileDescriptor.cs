using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Wasi;

/// <summary>An open file, and the position in it.</summary>
internal class FileDescriptor(FileHandle handle, FileKind kind, Rights rights, Rights inheriting, FdFlags flags)
    : Descriptor(kind.ToFileType(), rights, inheriting, flags)
{
    /// <summary>Calls that move the position do it one after the other.</summary>
    private readonly Turns _turns = new();

    protected FileHandle Handle => handle;

    /// <summary>There are other devices of characters.</summary>
    public override bool IsTerminal => handle.IsTerminal;

    public override HostLocks? OpenLocks() => handle.OpenLocks();

    private bool IsAppending => (Flags & FdFlags.Append) != 0;

    public override async ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var turn = await _turns.EnterAsync(cancellationToken).ConfigureAwait(false);
        var result = await ReadAsync(buffer, Position, cancellationToken).ConfigureAwait(false);
        if (result.TryGet(out var count))
            Position += count;
        return result;
    }

    /// <summary>Only of a regular file can more be asked for than has come.</summary>
    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken) =>
        Type != FileType.RegularFile
            ? handle.ReadAsync(buffer, offset, cancellationToken)
            : InPiecesAsync(
                buffer.Length, static (all, start, length, token) => all.handle.ReadAsync(all.buffer.Slice(start, length), all.offset + start, token),
                (handle, buffer, offset), cancellationToken);

    public override async ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        using var turn = await _turns.EnterAsync(cancellationToken).ConfigureAwait(false);
        Result<int> result;
        if (IsAppending)
        {
            result = await AppendAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (result.Error == Errno.None)
            {
                var status = await handle.GetStatusAsync(cancellationToken).ConfigureAwait(false);
                Position = status.TryGet(out var end) ? end.Length : Position;
            }
        }
        else
        {
            result = await WriteAsync(buffer, Position, cancellationToken).ConfigureAwait(false);
            if (result.TryGet(out var count))
                Position += count;
        }

        return result;
    }

    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken) =>
        IsAppending
            ? AppendAsync(buffer, cancellationToken)
            : InPiecesAsync(
                buffer.Length, static (all, start, length, token) => all.handle.WriteAsync(all.buffer.Slice(start, length), all.offset + start, token),
                (handle, buffer, offset), cancellationToken);

    public override async ValueTask<Result<long>> SeekAsync(long offset, Whence whence, CancellationToken cancellationToken)
    {
        using var turn = await _turns.EnterAsync(cancellationToken).ConfigureAwait(false);
        long start;
        switch (whence)
        {
            case Whence.Set:
                start = 0;
                break;
            case Whence.Cur:
                start = Position;
                break;
            case Whence.End:
                var status = await handle.GetStatusAsync(cancellationToken).ConfigureAwait(false);
                if (!status.TryGet(out var found))
                    return status.Error;
                start = found.Length;
                break;
            default:
                return Errno.EINVAL;
        }

        var position = unchecked(start + offset);
        if (position < 0)
            return offset < 0 ? Errno.EINVAL : Errno.EOVERFLOW;
        return Position = position;
    }

    public override Errno Advise() => Errno.None;

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken) => handle.GetStatusAsync(cancellationToken);

    public override ValueTask<Errno> SetLengthAsync(long length, CancellationToken cancellationToken) => handle.SetLengthAsync(length, cancellationToken);

    public override ValueTask<Errno> AllocateAsync(long offset, long length, CancellationToken cancellationToken) => handle.AllocateAsync(offset, length, cancellationToken);

    public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken) => handle.SetTimesAsync(times, cancellationToken);

    public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken) => handle.SetModeAsync(mode, cancellationToken);

    public override ValueTask<Errno> SyncAsync(bool dataOnly, CancellationToken cancellationToken) => handle.SyncAsync(dataOnly, cancellationToken);

    /// <summary>A file never waits; what is left of it can be read.</summary>
    public override async ValueTask<Result<Readiness>> WaitReadableAsync(CancellationToken cancellationToken)
    {
        var status = await handle.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        return status.TryGet(out var found) ? new Readiness(Math.Max(0, found.Length - Position)) : status.Error;
    }

    public override ValueTask<Result<Readiness>> WaitWritableAsync(CancellationToken cancellationToken) => new(default(Readiness));

    protected override ValueTask CloseAsync() => handle.DisposeAsync();

    /// <summary>One piece only: nobody else's bytes get between those of one call.</summary>
    protected ValueTask<Result<int>> AppendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) =>
        handle.AppendAsync(buffer[..Math.Min(buffer.Length, PieceBytes)], cancellationToken);
}
