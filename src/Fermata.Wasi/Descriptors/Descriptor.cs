using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Wasi;

/// <summary>What a file descriptor stands for. Several calls may use it at once, and one may close it meanwhile: it lives until the last of them ends.</summary>
/// <remarks>What a kind of descriptor cannot do it has no right to, so that nobody gets as far as to ask for it: that is all that this says of such things.</remarks>
internal abstract class Descriptor
{
    /// <summary>After as many bytes a call looks whether it is to end.</summary>
    protected const int PieceBytes = 1024 * 1024;

    private int _uses = 1;

    protected Descriptor(FileType type, Rights rights, Rights inheriting, FdFlags flags) =>
        (Type, Rights, Inheriting, Flags) = (type, rights, inheriting, flags);

    public FileType Type { get; }

    /// <summary>Whether it is a terminal.</summary>
    public virtual bool IsTerminal => Type == FileType.CharacterDevice;

    /// <summary>What may be done with it.</summary>
    public Rights Rights { get; set; }

    /// <summary>What may be done at most with descriptors that are opened through it.</summary>
    public Rights Inheriting { get; set; }

    public FdFlags Flags { get; set; }

    /// <summary>Where it is from; null if no snapshot can have it.</summary>
    public DescriptorSource? Source { get; init; }

    /// <summary>Where reading and writing goes on; 0 where it has no such place.</summary>
    public long Position { get; set; }

    /// <summary>Whether a read that waits has taken nothing yet, so that it can as well be asked again.</summary>
    public virtual bool IsReadRepeatable => false;

    /// <summary>What a snapshot has of it beside where it is from and its position; empty for most.</summary>
    public virtual byte[] State => [];

    /// <summary>What is done before what it stands for is closed.</summary>
    public Action? Closing { get; set; }

    /// <summary>Goes on with what a snapshot has of it, which is not trusted.</summary>
    /// <returns>Whether it can be that.</returns>
    public virtual bool TryRestore(byte[] state) => state.Length == 0;

    /// <summary>Locks of the file that other processes see; null if there are none.</summary>
    public virtual HostLocks? OpenLocks() => null;

    /// <summary>Reads at the position, and moves it.</summary>
    public virtual ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => new(Errno.ENOTCAPABLE);

    /// <summary>Reads at the position for a call that may be cancelled before it has what was read.</summary>
    public virtual ValueTask<Result<Taken>> TakeAsync(Caller caller, Memory<byte> buffer, CancellationToken cancellationToken) => Taken.Of(ReadAsync(buffer, cancellationToken));

    /// <summary>Reads elsewhere.</summary>
    public virtual ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken) => new(Errno.ENOTCAPABLE);

    /// <summary>Writes at the position, and moves it.</summary>
    public virtual ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) => new(Errno.ENOTCAPABLE);

    /// <summary>Writes elsewhere.</summary>
    public virtual ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken) => new(Errno.ENOTCAPABLE);

    /// <summary>Moves the position.</summary>
    /// <returns>The position.</returns>
    public virtual ValueTask<Result<long>> SeekAsync(long offset, Whence whence, CancellationToken cancellationToken) => new(Errno.ENOTCAPABLE);

    /// <summary>What is said to an advice how it will be read.</summary>
    public virtual Errno Advise() => Errno.ENOTCAPABLE;

    public virtual ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken) => new(new FileStatus { Kind = FileKind.CharacterDevice });

    public virtual ValueTask<Errno> SetLengthAsync(long length, CancellationToken cancellationToken) => new(Errno.ENOTCAPABLE);

    public virtual ValueTask<Errno> AllocateAsync(long offset, long length, CancellationToken cancellationToken) => new(Errno.ENOTCAPABLE);

    public virtual ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken) => new(Errno.ENOTCAPABLE);

    /// <summary>Sets permissions, which most of what is no file has not (<see cref="Errno.ENOTSUP"/>).</summary>
    public virtual ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken) => new(Errno.ENOTSUP);

    public virtual ValueTask<Errno> SyncAsync(bool dataOnly, CancellationToken cancellationToken) => new(Errno.ENOTCAPABLE);

    /// <summary>Waits until a read would not wait.</summary>
    public virtual ValueTask<Result<Readiness>> WaitReadableAsync(CancellationToken cancellationToken) => new(Errno.ENOTCAPABLE);

    /// <summary>Waits until a write would not wait.</summary>
    public virtual ValueTask<Result<Readiness>> WaitWritableAsync(CancellationToken cancellationToken) => new(Errno.ENOTCAPABLE);

    /// <summary>Waits until the other end is gone, whatever can be read or written before.</summary>
    /// <returns>Nothing to be read, or an error: what using it would fail with. Default: never.</returns>
    public virtual async ValueTask<Result<Readiness>> WaitHungUpAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        return default(Readiness);
    }

    /// <summary>Begins a use; false if it was closed and is gone.</summary>
    public bool TryUse()
    {
        for (var uses = Volatile.Read(ref _uses); uses > 0; uses = Volatile.Read(ref _uses))
        {
            if (Interlocked.CompareExchange(ref _uses, uses + 1, uses) == uses)
                return true;
        }

        return false;
    }

    /// <summary>Ends a use, if that is not the last one.</summary>
    public bool TryRelease()
    {
        for (var uses = Volatile.Read(ref _uses); uses > 1; uses = Volatile.Read(ref _uses))
        {
            if (Interlocked.CompareExchange(ref _uses, uses - 1, uses) == uses)
                return true;
        }

        return false;
    }

    /// <summary>Ends a use, or what the table had: the last one closes what it stands for.</summary>
    public async ValueTask ReleaseAsync()
    {
        if (Interlocked.Decrement(ref _uses) != 0)
            return;
        Closing?.Invoke();
        await CloseAsync().ConfigureAwait(false);
    }

    protected virtual ValueTask CloseAsync() => default;

    /// <summary>Reads or writes one piece after the other, so that a call which is to end does, in the middle of much.</summary>
    protected static ValueTask<Result<int>> InPiecesAsync<TState>(
        int length, Func<TState, int, int, CancellationToken, ValueTask<Result<int>>> move, TState state, CancellationToken cancellationToken) =>
        length <= PieceBytes && !cancellationToken.IsCancellationRequested
            ? move(state, 0, length, cancellationToken)
            : InManyPiecesAsync(length, move, state, cancellationToken);

    private static async ValueTask<Result<int>> InManyPiecesAsync<TState>(
        int length, Func<TState, int, int, CancellationToken, ValueTask<Result<int>>> move, TState state, CancellationToken cancellationToken)
    {
        var done = 0;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var wanted = Math.Min(length - done, PieceBytes);
            var moved = await move(state, done, wanted, cancellationToken).ConfigureAwait(false);

            // What was moved before an error counts more than the error, which comes again.
            if (!moved.TryGet(out var count))
                return done > 0 ? done : moved.Error;
            done += count;
            if (count < wanted)
                break;
        }
        while (done < length);

        return done;
    }
}
