using System.Text;
using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Wasi.Functions;

/// <summary>What is done with the paths of files.</summary>
internal static class PathFunctions
{
    public static ValueTask<int> PathCreateDirectory(Caller caller, int fd, int path, int length, CancellationToken cancellationToken) =>
        AtAsync(
            caller, fd, Rights.PathCreateDirectory, HostCall.ReadPath(caller, path, length), PathEnd.NewEntry, 0,
            static (place, _, token) => place.Name is { } name ? place.Directory.CreateDirectoryAsync(name, cancellationToken: token) : new(Errno.EEXIST), cancellationToken);

    public static ValueTask<Result<FileStatus>> PathFilestatGet(Caller caller, int fd, int flags, int path, int length, int result, CancellationToken cancellationToken) =>
        AtAsync<int, FileStatus>(
            caller, fd, Rights.PathFilestatGet, HostCall.ReadPath(caller, path, length), EndOf(flags), 0,
            static (place, _, token) => place.Name is { } name ? place.Directory.GetStatusAsync(name, token) : place.Directory.GetStatusAsync(token), cancellationToken);

    public static int CompleteFilestat(Caller caller, Result<FileStatus> status, int fd, int flags, int path, int length, int result) =>
        FileFunctions.CompleteFdFilestat(caller, status, fd, result);

    public static int CompleteUnstableFilestat(Caller caller, Result<FileStatus> status, int fd, int flags, int path, int length, int result) =>
        FileFunctions.CompleteUnstableFdFilestat(caller, status, fd, result);

    public static ValueTask<int> PathFilestatSetTimes(
        Caller caller, int fd, int flags, int path, int length, long access, long modification, int timeFlags, CancellationToken cancellationToken)
    {
        var times = FileFunctions.TimesOf(WasiContext.Of(caller), access, modification, timeFlags);
        return AtAsync(
            caller, fd, Rights.PathFilestatSetTimes, HostCall.ReadPath(caller, path, length), EndOf(flags), times,
            static (place, times, token) => !times.TryGet(out var found) ? new(times.Error)
                : place.Name is { } name ? place.Directory.SetTimesAsync(name, found, token)
                : place.Directory.SetTimesAsync(found, token),
            cancellationToken);
    }

    public static ValueTask<int> PathLink(
        Caller caller, int fd, int flags, int path, int length, int newFd, int newPath, int newLength, CancellationToken cancellationToken) =>
        ((LookupFlags)flags & LookupFlags.SymlinkFollow) != 0
            ? new((int)Errno.EINVAL)
            : BetweenAsync(
                caller, fd, Rights.PathLinkSource, HostCall.ReadPath(caller, path, length), newFd, Rights.PathLinkTarget, HostCall.ReadPath(caller, newPath, newLength), PathEnd.Entry,
                static (from, to, token) => from.Name is { } name && to.Name is { } newName ? from.Directory.LinkAsync(name, to.Directory, newName, token)
                    : new(to.Name is null ? Errno.EEXIST : Errno.EPERM),
                cancellationToken);

    public static ValueTask<int> PathRename(Caller caller, int fd, int path, int length, int newFd, int newPath, int newLength, CancellationToken cancellationToken) =>
        BetweenAsync(
            caller, fd, Rights.PathRenameSource, HostCall.ReadPath(caller, path, length), newFd, Rights.PathRenameTarget, HostCall.ReadPath(caller, newPath, newLength), PathEnd.NewEntry,
            static async (from, to, token) =>
            {
                if (from.Name is not { } name || to.Name is not { } newName)
                    return Errno.EBUSY;

                // Only a directory may get a name with a slash behind it.
                var error = to.HasSlash ? await from.RequireDirectoryAsync(token).ConfigureAwait(false) : Errno.None;
                return error != Errno.None ? error : await from.Directory.RenameAsync(name, to.Directory, newName, token).ConfigureAwait(false);
            },
            cancellationToken);

    public static ValueTask<Result<int>> PathOpen(
        Caller caller, int fd, int lookupFlags, int path, int length, int openFlags, long rights, long inheriting, int fdFlags, int result, CancellationToken cancellationToken)
    {
        var request = new OpenRequest(
            WasiContext.Of(caller).Descriptors, (LookupFlags)lookupFlags, (OpenFlags)openFlags, (Rights)rights, (Rights)inheriting, (FdFlags)fdFlags);
        var read = HostCall.ReadPath(caller, path, length);
        return HostCall.UseAsync(
            caller, fd, request.NeededRights, (request, read),
            static (descriptor, state, token) => state.read.TryGet(out var path) ? state.request.OpenAsync((DirectoryDescriptor)descriptor, path, token)
                : new(state.read.Error),
            (request.OpenFlags & OpenFlags.Trunc) != 0 ? HostCall.IfItCanSuspend(caller, cancellationToken) : cancellationToken);
    }

    public static int CompleteOpen(
        Caller caller, Result<int> opened, int fd, int lookupFlags, int path, int length, int openFlags, long rights, long inheriting, int fdFlags, int result) =>
        HostCall.Write(caller, opened, result);

    public static ValueTask<Result<byte[]>> PathReadlink(Caller caller, int fd, int path, int length, int buffer, int bufferLength, int result, CancellationToken cancellationToken) =>
        AtAsync<int, byte[]>(
            caller, fd, Rights.PathReadlink, HostCall.ReadPath(caller, path, length), PathEnd.Link, 0,
            static async (place, _, token) =>
            {
                if (place.Name is not { } name)
                    return Errno.EINVAL;
                var link = await place.Directory.ReadSymbolicLinkAsync(name, token).ConfigureAwait(false);
                return link.TryGet(out var target) ? Encoding.UTF8.GetBytes(target) : link.Error;
            }, cancellationToken);

    /// <summary>As in POSIX, what does not fit is cut off.</summary>
    public static int CompleteReadlink(Caller caller, Result<byte[]> link, int fd, int path, int length, int buffer, int bufferLength, int result)
    {
        if (!link.TryGet(out var target))
            return (int)link.Error;
        var count = (int)Math.Min((uint)target.Length, (uint)bufferLength);
        target.AsSpan(0, count).CopyTo(caller.GetSpan(buffer, count));
        caller.Write(result, count);
        return (int)Errno.None;
    }

    public static ValueTask<int> PathRemoveDirectory(Caller caller, int fd, int path, int length, CancellationToken cancellationToken) =>
        AtAsync(
            caller, fd, Rights.PathRemoveDirectory, HostCall.ReadPath(caller, path, length), PathEnd.Entry, 0,
            static (place, _, token) => place.Name is { } name ? place.Directory.RemoveDirectoryAsync(name, token) : new(Errno.EINVAL), cancellationToken);

    public static ValueTask<int> PathSymlink(Caller caller, int target, int targetLength, int fd, int path, int length, CancellationToken cancellationToken)
    {
        var text = HostCall.ReadPath(caller, target, targetLength);
        return AtAsync(
            caller, fd, Rights.PathSymlink, HostCall.ReadPath(caller, path, length), PathEnd.Entry, text,
            static (place, text, token) => !text.TryGet(out var target) ? new(text.Error)
                : target.Length == 0 ? new(Errno.ENOENT)
                : target[0] == '/' ? new(Errno.ENOTCAPABLE)
                : place.Name is { } name ? place.Directory.CreateSymbolicLinkAsync(name, target, token)
                : new(Errno.EEXIST),
            cancellationToken);
    }

    public static ValueTask<int> PathUnlinkFile(Caller caller, int fd, int path, int length, CancellationToken cancellationToken) =>
        AtAsync(
            caller, fd, Rights.PathUnlinkFile, HostCall.ReadPath(caller, path, length), PathEnd.Entry, 0,
            static (place, _, token) => place.Name is { } name ? place.Directory.RemoveFileAsync(name, token) : new(Errno.EISDIR), cancellationToken);

    private static PathEnd EndOf(int flags) => ((LookupFlags)flags & LookupFlags.SymlinkFollow) != 0 ? PathEnd.Followed : PathEnd.Link;

    /// <summary>Follows a path from a directory descriptor, and does something there.</summary>
    private static ValueTask<Result<T>> AtAsync<TState, T>(
        Caller caller, int fd, Rights rights, Result<string> path, PathEnd end, TState state,
        Func<Place, TState, CancellationToken, ValueTask<Result<T>>> act, CancellationToken cancellationToken) =>
        HostCall.UseAsync(
            caller, fd, rights, (path, end, state, act),
            static async (descriptor, at, token) =>
            {
                var found = await Place.FindAsync(descriptor, at.path, at.end, token).ConfigureAwait(false);
                if (!found.TryGet(out var place))
                    return found.Error;
                await using (place.ConfigureAwait(false))
                    return await at.act(place, at.state, token).ConfigureAwait(false);
            },
            cancellationToken);

    /// <summary>Follows a path from a directory descriptor, and does something there that only fails or not.</summary>
    private static async ValueTask<int> AtAsync<TState>(
        Caller caller, int fd, Rights rights, Result<string> path, PathEnd end, TState state,
        Func<Place, TState, CancellationToken, ValueTask<Errno>> act, CancellationToken cancellationToken)
    {
        var result = await AtAsync<(TState State, Func<Place, TState, CancellationToken, ValueTask<Errno>> Act), bool>(
            caller, fd, rights, path, end, (state, act),
            static async (place, both, token) => HostCall.ToResult(await both.Act(place, both.State, token).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
        return (int)result.Error;
    }

    /// <summary>Follows the path of an entry and another one, and does something between them.</summary>
    private static ValueTask<int> BetweenAsync(
        Caller caller, int fd, Rights rights, Result<string> path, int newFd, Rights newRights, Result<string> newPath, PathEnd newEnd,
        Func<Place, Place, CancellationToken, ValueTask<Errno>> act, CancellationToken cancellationToken) =>
        AtAsync(
            caller, fd, rights, path, PathEnd.Entry, (caller, newFd, newRights, newPath, newEnd, act),
            static async (from, other, token) => (Errno)await AtAsync(
                other.caller, other.newFd, other.newRights, other.newPath, other.newEnd, (from, other.act), static (to, both, token) => both.act(both.from, to, token),
                token).ConfigureAwait(false),
            cancellationToken);
}
