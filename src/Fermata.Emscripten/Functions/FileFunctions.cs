using System.Runtime.InteropServices;
using Fermata.Emscripten.Abi;
using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>What is done with file descriptors, beside WASI's functions for them.</summary>
internal static class FileFunctions
{
    private const int Advices = 6;

    public static ValueTask<Result<FileStatus>> Fstat64(Caller caller, int fd, int result, CancellationToken cancellationToken) => StatusAsync(caller, fd, cancellationToken);

    public static int CompleteFstat64(Caller caller, Result<FileStatus> status, int fd, int result) => PathFunctions.WriteStatus(caller, status, result);

    public static ValueTask<Result<FileStatus>> StatusAsync(Caller caller, int fd, CancellationToken cancellationToken) =>
        HostCall.UseAsync(caller, fd, Rights.None, 0, static (descriptor, _, token) => descriptor.GetStatusAsync(token), cancellationToken);

    public static ValueTask<int> Ftruncate64(Caller caller, int fd, long length, CancellationToken cancellationToken) =>
        UseAsync(
            caller, fd, Rights.None, length,
            static (descriptor, length, token) => length < 0 || (descriptor.Rights & Rights.FdFilestatSetSize) == 0 || descriptor is not FileDescriptor ? new(Errno.EINVAL)
                : descriptor.SetLengthAsync(length, token),
            HostCall.IfItCanSuspend(caller, cancellationToken));

    public static ValueTask<int> Fallocate(Caller caller, int fd, int mode, long offset, long length, CancellationToken cancellationToken) =>
        UseAsync(
            caller, fd, Rights.FdAllocate, (mode, offset, length),
            static (descriptor, range, token) => range.mode != 0 ? new(Errno.ENOTSUP)
                : range.offset < 0 || range.length <= 0 ? new(Errno.EINVAL)
                : range.offset > long.MaxValue - range.length ? new(Errno.EFBIG)
                : descriptor is not FileDescriptor ? new(Errno.ENODEV)
                : descriptor.AllocateAsync(range.offset, range.length, token),
            HostCall.IfItCanSuspend(caller, cancellationToken));

    public static ValueTask<int> Fadvise64(Caller caller, int fd, long offset, long length, int advice, CancellationToken cancellationToken) =>
        UseAsync(
            caller, fd, Rights.None, advice,
            static (descriptor, advice, _) => new((uint)advice >= Advices ? Errno.EINVAL : descriptor is FileDescriptor ? descriptor.Advise() : Errno.ESPIPE), cancellationToken);

    public static ValueTask<int> Fdatasync(Caller caller, int fd, CancellationToken cancellationToken) =>
        UseAsync(
            caller, fd, Rights.None, 0,
            static (descriptor, _, token) => descriptor is InputDescriptor or SocketDescriptor ? new(Errno.EINVAL) : descriptor.SyncAsync(dataOnly: true, token),
            HostCall.IfItCanSuspend(caller, cancellationToken));

    public static ValueTask<int> Fchmod(Caller caller, int fd, int mode, CancellationToken cancellationToken) =>
        UseAsync(
            caller, fd, Rights.None, (EmscriptenContext.Of(caller).Modes, Mode: (UnixFileMode)mode & FileModes.All),
            static (descriptor, all, token) =>
                PathFunctions.SetModeAsync(all.Modes, all.Mode, () => descriptor.GetStatusAsync(token), () => descriptor.SetModeAsync(all.Mode, token)),
            cancellationToken);

    public static ValueTask<int> Fchown(Caller caller, int fd, int user, int group, CancellationToken cancellationToken) =>
        UseAsync(caller, fd, Rights.None, 0, static (_, _, _) => new(Errno.None), cancellationToken);

    public static ValueTask<int> SetTimesAsync(Caller caller, int fd, Result<FileTimes> times, CancellationToken cancellationToken) =>
        UseAsync(
            caller, fd, Rights.None, times,
            static (descriptor, times, token) => !times.TryGet(out var found) ? new(times.Error)
                : (descriptor.Rights & Rights.FdFilestatSetTimes) == 0 ? new(Errno.EPERM)
                : descriptor.SetTimesAsync(found, token),
            cancellationToken);

    /// <summary>Reads two <c>struct timespec</c>; a null pointer means that both times are now.</summary>
    public static Result<FileTimes> ReadTimes(Caller caller, int times)
    {
        var now = ClockFunctions.Now(WasiContext.Of(caller), 0).Value;
        if (times == 0)
            return new FileTimes(now, now);
        var access = caller.Read<TimeSpec>(times).ToNanoseconds(now);
        var modification = caller.Read<TimeSpec>((uint)times + (ulong)Marshal.SizeOf<TimeSpec>()).ToNanoseconds(now);
        return !access.TryGet(out var first) ? access.Error : modification.TryGet(out var second) ? new FileTimes(first, second) : modification.Error;
    }

    public static ValueTask<Result<DirectoryListing>> Getdents64(Caller caller, int fd, int buffer, int length, CancellationToken cancellationToken) =>
        HostCall.UseAsync(
            caller, fd, Rights.None, 0,
            static (descriptor, _, token) => descriptor is DirectoryDescriptor directory ? directory.ReadEntriesAsync(directory.Cookie, token) : new(Errno.ENOTDIR), cancellationToken);

    /// <summary>Writes as many entries as fit, from the position on, and moves it.</summary>
    public static int CompleteGetdents64(Caller caller, Result<DirectoryListing> read, int fd, int buffer, int length)
    {
        if (!read.TryGet(out var listing))
            return -(int)read.Error;
        if (WasiContext.Of(caller).Descriptors.Peek(fd, Rights.None, out var descriptor) != Errno.None || descriptor is not DirectoryDescriptor directory)
            return -(int)Errno.EBADF;
        if ((uint)length < Entry.Size)
            return -(int)Errno.EINVAL;
        var span = caller.GetSpan(buffer, length);
        var written = 0;
        for (; directory.Cookie < listing.Count && span.Length - written >= Entry.Size; written += Entry.Size)
        {
            caller.ThrowIfEnding();
            Entry.Write(span.Slice(written, Entry.Size), listing[directory.Cookie], next: (ulong)++directory.Position);
        }

        return written;
    }

    public static ValueTask<Result<bool>> Fstatfs64(Caller caller, int fd, int size, int result, CancellationToken cancellationToken) =>
        HostCall.UseAsync(caller, fd, Rights.None, 0, static (_, _, _) => new ValueTask<Result<bool>>(true), cancellationToken);

    public static int CompleteFstatfs64(Caller caller, Result<bool> found, int fd, int size, int result) => WriteStatFs(caller, found.Error, size, result);

    /// <summary>No file system tells how large it is, so that all say the same: much is free.</summary>
    public static int WriteStatFs(Caller caller, Errno error, int size, int result)
    {
        if (error != Errno.None)
            return -(int)error;
        StatFs.Write(caller.GetSpan(result, size));
        return 0;
    }

    public static int Dup(Caller caller, int fd) => ToResult(WasiContext.Of(caller).Descriptors.Duplicate(fd, 0));

    public static async ValueTask<int> Dup2(Caller caller, int fd, int wanted)
    {
        var descriptors = WasiContext.Of(caller).Descriptors;
        var result = descriptors.Duplicate(fd, wanted, out var replaced);
        if (replaced is not null)
            await HostCall.CloseAsync(descriptors, replaced).ConfigureAwait(false);
        return ToResult(result);
    }

    public static ValueTask<int> Dup3(Caller caller, int fd, int wanted, int flags) => fd == wanted ? new(-(int)Errno.EINVAL) : Dup2(caller, fd, wanted);

    /// <summary>A result as system calls give it.</summary>
    public static int ToResult(Result<int> result) => result.TryGet(out var value) ? value : -(int)result.Error;

    /// <summary>Uses a file descriptor for something that only fails or not.</summary>
    /// <returns>Zero, or the number of the error, negative.</returns>
    public static async ValueTask<int> UseAsync<TState>(
        Caller caller, int fd, Rights rights, TState state, Func<Descriptor, TState, CancellationToken, ValueTask<Errno>> use, CancellationToken cancellationToken) =>
        -await HostCall.UseAsync(caller, fd, rights, state, use, cancellationToken).ConfigureAwait(false);
}
