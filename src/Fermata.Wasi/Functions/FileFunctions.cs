using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Wasi.Functions;

/// <summary>What is done with file descriptors but for reading and writing.</summary>
internal static class FileFunctions
{
    private const int Advices = 6;

    public static ValueTask<int> FdAdvise(Caller caller, int fd, long offset, long length, int advice, CancellationToken cancellationToken) =>
        HostCall.UseAsync(
            caller, fd, Rights.FdAdvise, (offset, length, advice),
            static (descriptor, range, _) => new(
                (uint)range.advice >= Advices || range.offset < 0 || range.length < 0 ? Errno.EINVAL
                : descriptor.Advise()),
            cancellationToken);

    public static ValueTask<int> FdAllocate(Caller caller, int fd, long offset, long length, CancellationToken cancellationToken) =>
        HostCall.UseAsync(
            caller, fd, Rights.FdAllocate, (offset, length),
            static (descriptor, range, token) => range.offset < 0 || range.length <= 0 ? new(Errno.EINVAL)
                : range.offset > long.MaxValue - range.length ? new(Errno.EFBIG)
                : descriptor.AllocateAsync(range.offset, range.length, token),
            HostCall.IfItCanSuspend(caller, cancellationToken));

    public static async ValueTask<int> FdClose(Caller caller, int fd)
    {
        var descriptors = WasiContext.Of(caller).Descriptors;
        caller.HoldSnapshots();
        var error = descriptors.Remove(fd, out var closed);
        return (int)(error == Errno.None ? await HostCall.CloseAsync(descriptors, closed).ConfigureAwait(false) : error);
    }

    public static ValueTask<int> FdDatasync(Caller caller, int fd, CancellationToken cancellationToken) =>
        HostCall.UseAsync(caller, fd, Rights.FdDatasync, 0, static (descriptor, _, token) => descriptor.SyncAsync(dataOnly: true, token), HostCall.IfItCanSuspend(caller, cancellationToken));

    public static ValueTask<int> FdSync(Caller caller, int fd, CancellationToken cancellationToken) =>
        HostCall.UseAsync(caller, fd, Rights.FdSync, 0, static (descriptor, _, token) => descriptor.SyncAsync(dataOnly: false, token), HostCall.IfItCanSuspend(caller, cancellationToken));

    public static int FdFdstatGet(Caller caller, int fd, int result)
    {
        var error = WasiContext.Of(caller).Descriptors.Peek(fd, Rights.None, out var descriptor);
        return HostCall.Write<FdStat>(caller, error == Errno.None ? FdStat.Of(descriptor) : error, result);
    }

    public static int FdFdstatSetFlags(Caller caller, int fd, int flags)
    {
        var error = WasiContext.Of(caller).Descriptors.Peek(fd, Rights.FdFdstatSetFlags, out var descriptor);
        if (error == Errno.None && (flags & ~(int)FdFlags.All) != 0)
            error = Errno.EINVAL;
        if (error == Errno.None)
            descriptor.Flags = (FdFlags)flags;
        return (int)error;
    }

    public static int FdFdstatSetRights(Caller caller, int fd, long rights, long inheriting)
    {
        var error = WasiContext.Of(caller).Descriptors.Peek(fd, Rights.None, out var descriptor);
        if (error != Errno.None)
            return (int)error;
        if (((Rights)rights & ~descriptor.Rights) != 0 || ((Rights)inheriting & ~descriptor.Inheriting) != 0)
            return (int)Errno.ENOTCAPABLE;
        (descriptor.Rights, descriptor.Inheriting) = ((Rights)rights, (Rights)inheriting);
        return (int)Errno.None;
    }

    public static ValueTask<Result<FileStatus>> FdFilestatGet(Caller caller, int fd, int result, CancellationToken cancellationToken) =>
        HostCall.UseAsync(caller, fd, Rights.FdFilestatGet, 0, static (descriptor, _, token) => descriptor.GetStatusAsync(token), cancellationToken);

    public static int CompleteFdFilestat(Caller caller, Result<FileStatus> status, int fd, int result) =>
        HostCall.Write<FileStat>(caller, status.TryGet(out var found) ? FileStat.From(found) : status.Error, result);

    public static int CompleteUnstableFdFilestat(Caller caller, Result<FileStatus> status, int fd, int result) =>
        HostCall.Write<UnstableFileStat>(caller, status.TryGet(out var found) ? UnstableFileStat.From(found) : status.Error, result);

    public static ValueTask<int> FdFilestatSetSize(Caller caller, int fd, long length, CancellationToken cancellationToken) =>
        HostCall.UseAsync(
            caller, fd, Rights.FdFilestatSetSize, length,
            static (descriptor, length, token) => length < 0 ? new(Errno.EINVAL) : descriptor.SetLengthAsync(length, token), HostCall.IfItCanSuspend(caller, cancellationToken));

    public static ValueTask<int> FdFilestatSetTimes(Caller caller, int fd, long access, long modification, int flags, CancellationToken cancellationToken)
    {
        var times = TimesOf(WasiContext.Of(caller), access, modification, flags);
        return HostCall.UseAsync(
            caller, fd, Rights.FdFilestatSetTimes, times,
            static (descriptor, times, token) => times.TryGet(out var found) ? descriptor.SetTimesAsync(found, token) : new(times.Error), cancellationToken);
    }

    public static int FdPrestatGet(Caller caller, int fd, int result)
    {
        var error = WasiContext.Of(caller).Descriptors.Peek(fd, Rights.None, out var descriptor);
        return HostCall.Write<PreStat>(
            caller, error != Errno.None ? error : descriptor is DirectoryDescriptor { PreopenName: { } name } ? new PreStat(0, (uint)name.Length) : Errno.EBADF, result);
    }

    public static int FdPrestatDirName(Caller caller, int fd, int path, int length)
    {
        var error = WasiContext.Of(caller).Descriptors.Peek(fd, Rights.None, out var descriptor);
        if (error != Errno.None)
            return (int)error;
        if (descriptor is not DirectoryDescriptor { PreopenName: { } name })
            return (int)Errno.EBADF;
        if ((uint)length < (uint)name.Length)
            return (int)Errno.ENAMETOOLONG;
        name.CopyTo(caller.GetSpan(path, name.Length));
        return (int)Errno.None;
    }

    public static ValueTask<Result<DirectoryListing>> FdReaddir(Caller caller, int fd, int buffer, int length, long cookie, int result, CancellationToken cancellationToken) =>
        HostCall.UseAsync(
            caller, fd, Rights.FdReaddir, (ulong)cookie,
            static (descriptor, cookie, token) => ((DirectoryDescriptor)descriptor).ReadEntriesAsync(cookie, token), cancellationToken);

    public static int CompleteReaddir(Caller caller, Result<DirectoryListing> listing, int fd, int buffer, int length, long cookie, int result) =>
        HostCall.Write<uint>(caller, listing.TryGet(out var found) ? (uint)found.Write(caller, caller.GetSpan(buffer, length), (ulong)cookie) : listing.Error, result);

    public static async ValueTask<int> FdRenumber(Caller caller, int fd, int to)
    {
        var descriptors = WasiContext.Of(caller).Descriptors;
        caller.HoldSnapshots();
        var error = descriptors.Renumber(fd, to, out var replaced);
        return (int)(replaced is null ? error : await HostCall.CloseAsync(descriptors, replaced).ConfigureAwait(false));
    }

    public static ValueTask<Result<long>> FdSeek(Caller caller, int fd, long offset, int whence, int result, CancellationToken cancellationToken) =>
        HostCall.UseAsync(
            caller, fd, offset == 0 && (Whence)whence == Whence.Cur ? Rights.FdTell : Rights.FdSeek | Rights.FdTell, (offset, Whence: (Whence)whence),
            static (descriptor, place, token) => descriptor.SeekAsync(place.offset, place.Whence, token), cancellationToken);

    /// <summary>In <c>wasi_unstable</c> the places from which is counted have other numbers.</summary>
    public static ValueTask<Result<long>> UnstableFdSeek(Caller caller, int fd, long offset, int whence, int result, CancellationToken cancellationToken) =>
        FdSeek(caller, fd, offset, whence switch { 0 => (int)Whence.Cur, 1 => (int)Whence.End, 2 => (int)Whence.Set, _ => whence }, result, cancellationToken);

    public static int CompleteSeek(Caller caller, Result<long> position, int fd, long offset, int whence, int result) => HostCall.Write(caller, position, result);

    public static ValueTask<Result<long>> FdTell(Caller caller, int fd, int result, CancellationToken cancellationToken) =>
        FdSeek(caller, fd, 0, (int)Whence.Cur, result, cancellationToken);

    public static int CompleteTell(Caller caller, Result<long> position, int fd, int result) => HostCall.Write(caller, position, result);

    /// <summary>The times that flags tell of.</summary>
    public static Result<FileTimes> TimesOf(WasiContext context, long access, long modification, int flags)
    {
        const TimeFlags bothAccess = TimeFlags.Atim | TimeFlags.AtimNow, bothModification = TimeFlags.Mtim | TimeFlags.MtimNow;
        var set = (TimeFlags)flags;
        if ((set & ~(bothAccess | bothModification)) != 0 || (set & bothAccess) == bothAccess || (set & bothModification) == bothModification)
            return Errno.EINVAL;
        var now = ClockFunctions.Now(context, 0).Value;
        return new FileTimes(
            (set & TimeFlags.AtimNow) != 0 ? now : (set & TimeFlags.Atim) != 0 ? access : null,
            (set & TimeFlags.MtimNow) != 0 ? now : (set & TimeFlags.Mtim) != 0 ? modification : null);
    }
}
