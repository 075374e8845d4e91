using Fermata.Emscripten.Abi;
using Fermata.Emscripten.Locks;
using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>The commands of <c>fcntl</c> for record locks (POSIX, <c>fcntl</c>; Linux has <c>F_OFD_…</c>).</summary>
internal static class LockFunctions
{
    private enum Action
    {
        Tell,
        Set,
        Wait,
    }

    /// <summary>
    /// The commands: what they do, and whether a lock belongs to what was opened rather than to the program. <c>F_GETLK</c>, <c>F_SETLK</c> and <c>F_SETLKW</c> have two
    /// numbers each, the old one and that for offsets of 64 bits.
    /// </summary>
    private static readonly Dictionary<int, (Action Action, bool OfOpened)> Commands = new()
    {
        [5] = (Action.Tell, false),
        [6] = (Action.Set, false),
        [7] = (Action.Wait, false),
        [12] = (Action.Tell, false),
        [13] = (Action.Set, false),
        [14] = (Action.Wait, false),
        [36] = (Action.Tell, true),
        [37] = (Action.Set, true),
        [38] = (Action.Wait, true),
    };

    /// <summary>Whether this is a command for locks.</summary>
    public static bool Has(int command) => Commands.ContainsKey(command);

    /// <summary>Does what a command says.</summary>
    /// <returns>What is to be written in place of the structure, which is the same as before unless the command asks.</returns>
    public static ValueTask<Result<FileLock>> RunAsync(Caller caller, int fd, int command, FileLock structure, CancellationToken cancellationToken) =>
        HostCall.UseAsync<FileLock, FileLock>(
            caller, fd, Rights.None, structure, (descriptor, structure, token) => RunAsync(caller, fd, descriptor, Commands[command], structure, token), cancellationToken);

    private static async ValueTask<Result<FileLock>> RunAsync(
        Caller caller, int fd, Descriptor descriptor, (Action Action, bool OfOpened) command, FileLock structure, CancellationToken cancellationToken)
    {
        if (Check(descriptor, structure, command.Action, command.OfOpened) is not Errno.None and var refused)
            return refused;
        var status = await descriptor.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        if (!status.TryGet(out var found))
            return status.Error;
        var range = RangeOf(structure, await OriginAsync(descriptor, (Whence)structure.Whence, found, cancellationToken).ConfigureAwait(false));
        if (range.Error != Errno.None)
            return range.Error;

        // What is no file, or is known to nobody else, is never locked by another.
        var file = descriptor.Type == FileType.RegularFile ? FileIdentity.Of(found) : null;
        var locks = EmscriptenContext.Of(caller).Locks;
        var wanted = new RecordLock(command.OfOpened ? locks.Of(descriptor) : locks.Program, range.Value, (LockKind)structure.Kind);
        if (command.Action == Action.Tell)
            return Describe(file is null ? null : LockTable.Process.Find(file.Value, descriptor, wanted), structure);
        var error = file is null ? Errno.None
            : command.Action == Action.Wait ? await LockTable.Process.SetAsync(file.Value, descriptor, wanted, cancellationToken).ConfigureAwait(false)
            : LockTable.Process.TrySet(file.Value, descriptor, wanted);
        if (error != Errno.None)
            return error;
        if (file is null || !IsClosed(caller, fd, descriptor))
            return structure;

        // Another call has closed it meanwhile, and took away what the program had by then.
        LockTable.Process.TrySet(file.Value, descriptor, wanted with { Kind = LockKind.None });
        return Errno.EBADF;
    }

    /// <summary>Where a range begins to be counted; what has no position is at its beginning.</summary>
    private static async ValueTask<long> OriginAsync(Descriptor descriptor, Whence whence, FileStatus status, CancellationToken cancellationToken) => whence switch
    {
        Whence.Cur => (await descriptor.SeekAsync(0, Whence.Cur, cancellationToken).ConfigureAwait(false)).TryGet(out var position) ? position : 0,
        Whence.End => status.Length,
        _ => 0,
    };

    private static Errno Check(Descriptor descriptor, FileLock structure, Action action, bool ofOpened)
    {
        if (!Enum.IsDefined((LockKind)structure.Kind) || structure.Whence is < (short)Whence.Set or > (short)Whence.End || (ofOpened && structure.Process != 0))
            return Errno.EINVAL;
        return action == Action.Tell ? structure.Kind == (short)LockKind.None ? Errno.EINVAL : Errno.None
            : descriptor.Rights.HasFlag(NeededFor((LockKind)structure.Kind)) ? Errno.None
            : Errno.EBADF;
    }

    private static Rights NeededFor(LockKind kind) => kind switch
    {
        LockKind.Shared => Rights.FdRead,
        LockKind.Exclusive => Rights.FdWrite,
        _ => Rights.None,
    };

    /// <summary>The range of a structure: from a place on, or back from it; without a length to wherever the file ends.</summary>
    private static Result<LockRange> RangeOf(FileLock structure, long origin)
    {
        var start = (Int128)origin + structure.Start;
        var (first, last) = structure.Length switch
        {
            > 0 => (start, start + structure.Length - 1),
            < 0 => (start + structure.Length, start - 1),
            _ => (start, long.MaxValue),
        };
        return first < 0 ? Errno.EINVAL : first > long.MaxValue || last > long.MaxValue ? Errno.EOVERFLOW : new LockRange((long)first, (long)last);
    }

    /// <summary>Of other processes nothing is told but the lock: they count as one more program.</summary>
    private static FileLock Describe((LockKind Kind, LockRange Range, LockOwner? Owner)? inTheWay, FileLock structure) => inTheWay is not { } found
        ? structure with { Kind = (short)LockKind.None }
        : new FileLock(
            (short)found.Kind, (short)Whence.Set, found.Range.First, found.Range.Last == long.MaxValue ? 0 : found.Range.Last - found.Range.First + 1,
            found.Owner is { IsProgram: false } ? -1 : ProcessFunctions.ProcessId);

    private static bool IsClosed(Caller caller, int fd, Descriptor descriptor) =>
        WasiContext.Of(caller).Descriptors.Peek(fd, Rights.None, out var now) != Errno.None || now != descriptor;
}
