using System.Text;
using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Wasi.Functions;

/// <summary>What is done with the paths of files.</summary>
internal static class PathFunctions
{
    public static ValueTask<int> PathCreateDirectory(Caller caller, int fd, int path, int length, CancellationToken cancellationToken) =>
        AtAsync(
            caller, fd, Rights.PathCreateDirectory, path, length, LookupFlags.None, 0,
            static (walk, _, token) => walk.Name is { } name ? walk.Directory.CreateDirectoryAsync(name, token) : new(Errno.EEXIST), cancellationToken);

    public static ValueTask<Result<FileStatus>> PathFilestatGet(Caller caller, int fd, int flags, int path, int length, int result, CancellationToken cancellationToken) =>
        AtAsync<int, FileStatus>(
            caller, fd, Rights.PathFilestatGet, path, length, (LookupFlags)flags, 0,
            static async (walk, _, token) =>
            {
                if (walk.Name is not { } name)
                    return await walk.Directory.GetStatusAsync(token).ConfigureAwait(false);
                var status = await walk.Directory.GetStatusAsync(name, token).ConfigureAwait(false);
                return walk.IsDirectoryExpected && status.TryGet(out var found) && found.Kind != FileKind.Directory ? Errno.ENOTDIR : status;
            }, cancellationToken);

    public static int CompleteFilestat(Caller caller, Result<FileStatus> status, int fd, int flags, int path, int length, int result) =>
        FileFunctions.CompleteFdFilestat(caller, status, fd, result);

    public static int CompleteUnstableFilestat(Caller caller, Result<FileStatus> status, int fd, int flags, int path, int length, int result) =>
        FileFunctions.CompleteUnstableFdFilestat(caller, status, fd, result);

    public static ValueTask<int> PathFilestatSetTimes(
        Caller caller, int fd, int flags, int path, int length, long access, long modification, int timeFlags, CancellationToken cancellationToken)
    {
        var times = FileFunctions.TimesOf(WasiContext.Of(caller), access, modification, timeFlags);
        return AtAsync(
            caller, fd, Rights.PathFilestatSetTimes, path, length, (LookupFlags)flags, times,
            static (walk, times, token) => !times.TryGet(out var found) ? new(times.Error)
                : walk.Name is { } name ? walk.Directory.SetTimesAsync(name, found, token)
                : walk.Directory.SetTimesAsync(found, token),
            cancellationToken);
    }

    public static ValueTask<int> PathLink(
        Caller caller, int fd, int flags, int path, int length, int newFd, int newPath, int newLength, CancellationToken cancellationToken) =>
        ((LookupFlags)flags & LookupFlags.SymlinkFollow) != 0
            ? new((int)Errno.EINVAL)
            : BetweenAsync(
                caller, fd, Rights.PathLinkSource, path, length, newFd, Rights.PathLinkTarget, newPath, newLength,
                static (from, to, token) => from.IsDirectoryExpected || to.IsDirectoryExpected ? new(Errno.ENOENT)
                    : from.Name is { } name && to.Name is { } newName ? from.Directory.LinkAsync(name, to.Directory, newName, token)
                    : new(to.Name is null ? Errno.EEXIST : Errno.EPERM),
                cancellationToken);

    public static ValueTask<int> PathRename(Caller caller, int fd, int path, int length, int newFd, int newPath, int newLength, CancellationToken cancellationToken) =>
        BetweenAsync(
            caller, fd, Rights.PathRenameSource, path, length, newFd, Rights.PathRenameTarget, newPath, newLength,
            static async (from, to, token) =>
            {
                if (from.Name is not { } name || to.Name is not { } newName)
                    return Errno.EBUSY;
                if (from.IsDirectoryExpected || to.IsDirectoryExpected)
                {
                    // Only a directory may be named with a slash behind it.
                    var status = await from.Directory.GetStatusAsync(name, token).ConfigureAwait(false);
                    if (!status.TryGet(out var found))
                        return status.Error;
                    if (found.Kind != FileKind.Directory)
                        return Errno.ENOTDIR;
                }

                return await from.Directory.RenameAsync(name, to.Directory, newName, token).ConfigureAwait(false);
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
            static (descriptor, state, token) => descriptor is not DirectoryDescriptor directory ? new(Errno.ENOTDIR)
                : state.read.TryGet(out var path) ? state.request.OpenAsync(directory, path, token)
                : new(state.read.Error),
            cancellationToken);
    }

    public static int CompleteOpen(
        Caller caller, Result<int> opened, int fd, int lookupFlags, int path, int length, int openFlags, long rights, long inheriting, int fdFlags, int result) =>
        HostCall.Write(caller, opened, result);

    public static ValueTask<Result<byte[]>> PathReadlink(Caller caller, int fd, int path, int length, int buffer, int bufferLength, int result, CancellationToken cancellationToken) =>
        AtAsync<int, byte[]>(
            caller, fd, Rights.PathReadlink, path, length, LookupFlags.None, 0,
            static async (walk, _, token) =>
            {
                if (walk.Name is not { } name)
                    return Errno.EINVAL;
                var link = await walk.Directory.ReadSymbolicLinkAsync(name, token).ConfigureAwait(false);
                return link.TryGet(out var target) ? Encoding.UTF8.GetBytes(target) : link.Error;
            }, cancellationToken);

    /// <summary>As in POSIX, what does not fit is cut off.</summary>
    public static int CompleteReadlink(Caller caller, Result<byte[]> link, int fd, int path, int length, int buffer, int bufferLength, int result)
    {
        if (!link.TryGet(out var target))
            return (int)link.Error;
        var count = (int)Math.Min((uint)target.Length, (uint)bufferLength);
        target.AsSpan(0, count).CopyTo(caller.Memory.GetSpan(buffer, count));
        caller.Memory.Write(result, count);
        return (int)Errno.None;
    }

    public static ValueTask<int> PathRemoveDirectory(Caller caller, int fd, int path, int length, CancellationToken cancellationToken) =>
        AtAsync(
            caller, fd, Rights.PathRemoveDirectory, path, length, LookupFlags.None, 0,
            static (walk, _, token) => walk.Name is { } name ? walk.Directory.RemoveDirectoryAsync(name, token) : new(Errno.EINVAL), cancellationToken);

    public static ValueTask<int> PathSymlink(Caller caller, int target, int targetLength, int fd, int path, int length, CancellationToken cancellationToken)
    {
        var text = HostCall.ReadPath(caller, target, targetLength);
        return AtAsync(
            caller, fd, Rights.PathSymlink, path, length, LookupFlags.None, text,
            static (walk, text, token) => !text.TryGet(out var target) ? new(text.Error)
                : target.Length == 0 ? new(Errno.ENOENT)
                : target[0] == '/' ? new(Errno.ENOTCAPABLE)
                : walk.IsDirectoryExpected ? new(Errno.ENOENT)
                : walk.Name is { } name ? walk.Directory.CreateSymbolicLinkAsync(name, target, token)
                : new(Errno.EEXIST),
            cancellationToken);
    }

    public static ValueTask<int> PathUnlinkFile(Caller caller, int fd, int path, int length, CancellationToken cancellationToken) =>
        AtAsync(
            caller, fd, Rights.PathUnlinkFile, path, length, LookupFlags.None, 0,
            static async (walk, _, token) =>
            {
                if (walk.Name is not { } name)
                    return Errno.EISDIR;
                if (!walk.IsDirectoryExpected)
                    return await walk.Directory.RemoveFileAsync(name, token).ConfigureAwait(false);
                var status = await walk.Directory.GetStatusAsync(name, token).ConfigureAwait(false);
                return !status.TryGet(out var found) ? status.Error : found.Kind == FileKind.Directory ? Errno.EISDIR : Errno.ENOTDIR;
            }, cancellationToken);

    /// <summary>Follows a path from a directory descriptor, and does something there.</summary>
    private static ValueTask<Result<T>> AtAsync<TState, T>(
        Caller caller, int fd, Rights rights, int path, int length, LookupFlags flags, TState state,
        Func<PathWalk, TState, CancellationToken, ValueTask<Result<T>>> act, CancellationToken cancellationToken) =>
        HostCall.UseAsync(
            caller, fd, rights, (Path: HostCall.ReadPath(caller, path, length), flags, state, act),
            static async (descriptor, at, token) =>
            {
                var followed = await FollowAsync(descriptor, at.Path, at.flags, token).ConfigureAwait(false);
                if (!followed.TryGet(out var walk))
                    return followed.Error;
                await using (walk.ConfigureAwait(false))
                    return await at.act(walk, at.state, token).ConfigureAwait(false);
            },
            cancellationToken);

    /// <summary>Follows a path from a directory descriptor, and does something there that only fails or not.</summary>
    private static async ValueTask<int> AtAsync<TState>(
        Caller caller, int fd, Rights rights, int path, int length, LookupFlags flags, TState state,
        Func<PathWalk, TState, CancellationToken, ValueTask<Errno>> act, CancellationToken cancellationToken)
    {
        var result = await AtAsync<(TState State, Func<PathWalk, TState, CancellationToken, ValueTask<Errno>> Act), bool>(
            caller, fd, rights, path, length, flags, (state, act),
            static async (walk, both, token) => HostCall.ToResult(await both.Act(walk, both.State, token).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
        return (int)result.Error;
    }

    /// <summary>Follows two paths, and does something between them.</summary>
    private static ValueTask<int> BetweenAsync(
        Caller caller, int fd, Rights rights, int path, int length, int newFd, Rights newRights, int newPath, int newLength,
        Func<PathWalk, PathWalk, CancellationToken, ValueTask<Errno>> act, CancellationToken cancellationToken)
    {
        var to = HostCall.ReadPath(caller, newPath, newLength);
        return AtAsync(
            caller, fd, rights, path, length, LookupFlags.None, (caller, newFd, newRights, to, act),
            static async (from, state, token) => (Errno)await HostCall.UseAsync(
                state.caller, state.newFd, state.newRights, (from, state.to, state.act),
                static async (descriptor, both, token) =>
                {
                    var followed = await FollowAsync(descriptor, both.to, LookupFlags.None, token).ConfigureAwait(false);
                    if (!followed.TryGet(out var walk))
                        return followed.Error;
                    await using (walk.ConfigureAwait(false))
                        return await both.act(both.from, walk, token).ConfigureAwait(false);
                },
                token).ConfigureAwait(false),
            cancellationToken);
    }

    private static ValueTask<Result<PathWalk>> FollowAsync(Descriptor descriptor, Result<string> path, LookupFlags flags, CancellationToken cancellationToken) =>
        descriptor is not DirectoryDescriptor directory ? new(Errno.ENOTDIR)
        : path.TryGet(out var text) ? PathWalk.FollowAsync(directory.Handle, text, (flags & LookupFlags.SymlinkFollow) != 0, cancellationToken)
        : new(path.Error);
}
