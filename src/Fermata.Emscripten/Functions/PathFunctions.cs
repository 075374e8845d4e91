using System.Text;
using Fermata.Emscripten.Abi;
using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>What is done with the paths of files. As all system calls of Emscripten, each returns what it gives, or the number of an error, negative.</summary>
internal static class PathFunctions
{
    /// <summary><c>AT_FDCWD</c>, in place of the file descriptor of a directory.</summary>
    public const int WorkingDirectory = -100;

    private const int NoFollow = 0x100, RemovesDirectory = 0x200, Follows = 0x400, NoAutomount = 0x800, EmptyPath = 0x1000;

    private const int Executes = 1, AllAccess = 7;

    public static ValueTask<int> Openat(Caller caller, int directory, int path, int flags, int arguments, CancellationToken cancellationToken)
    {
        var wanted = (FileFlags)flags;
        var context = EmscriptenContext.Of(caller);
        var request = Opening.ToRequest(
            context.Wasi.Descriptors, wanted, (wanted & FileFlags.Create) != 0 ? context.ToNewMode(caller.Read<int>(arguments)) : null);
        return Try(
            (request, context.Root, Path: context.ToAbsolute(directory, GuestText.ReadPath(caller, path))),
            static (all, token) => all.Path.TryGet(out var path) ? all.request.OpenRootedAsync(all.Root, path, token) : new(all.Path.Error),
            (wanted & FileFlags.Truncate) != 0 ? HostCall.IfItCanSuspend(caller, cancellationToken) : cancellationToken);
    }

    public static ValueTask<Result<FileStatus>> Stat64(Caller caller, int path, int result, CancellationToken cancellationToken) =>
        StatusAsync(caller, WorkingDirectory, path, 0, cancellationToken);

    public static int CompleteStat64(Caller caller, Result<FileStatus> status, int path, int result) => WriteStatus(caller, status, result);

    public static ValueTask<Result<FileStatus>> Lstat64(Caller caller, int path, int result, CancellationToken cancellationToken) =>
        StatusAsync(caller, WorkingDirectory, path, NoFollow, cancellationToken);

    public static ValueTask<Result<FileStatus>> Newfstatat(Caller caller, int directory, int path, int result, int flags, CancellationToken cancellationToken) =>
        StatusAsync(caller, directory, path, flags, cancellationToken);

    public static int CompleteNewfstatat(Caller caller, Result<FileStatus> status, int directory, int path, int result, int flags) => WriteStatus(caller, status, result);

    public static int WriteStatus(Caller caller, Result<FileStatus> status, int result)
    {
        if (!status.TryGet(out var found))
            return -(int)status.Error;
        caller.Write(result, Stat.From(found, EmscriptenContext.Of(caller).Modes.Of(found)));
        return 0;
    }

    public static ValueTask<int> Mkdirat(Caller caller, int directory, int path, int mode, CancellationToken cancellationToken) =>
        AtAsync(
            caller, directory, path, PathEnd.NewEntry, EmscriptenContext.Of(caller).ToNewMode(mode),
            static (place, mode, token) => place.Name is { } name ? place.Directory.CreateDirectoryAsync(name, mode, token) : new(Errno.EEXIST), cancellationToken);

    /// <summary>Only regular files are made: what else there is no file system makes.</summary>
    public static ValueTask<int> Mknodat(Caller caller, int directory, int path, int mode, int device, CancellationToken cancellationToken)
    {
        const int types = 0b1111 << 12, regular = 8 << 12;
        return (mode & types) is not (0 or regular)
            ? new(-(int)Errno.EPERM)
            : AtAsync(
                caller, directory, path, PathEnd.Entry, EmscriptenContext.Of(caller).ToNewMode(mode),
                static async (place, mode, token) =>
                {
                    if (place.Name is not { } name)
                        return Errno.EEXIST;
                    var opened = await place.Directory.OpenFileAsync(name, FileOpening.Write | FileOpening.Create | FileOpening.Exclusive, mode, token).ConfigureAwait(false);
                    if (opened.TryGet(out var handle))
                        await handle.DisposeAsync().ConfigureAwait(false);
                    return opened.Error;
                },
                cancellationToken);
    }

    public static ValueTask<int> Unlinkat(Caller caller, int directory, int path, int flags, CancellationToken cancellationToken) => flags switch
    {
        0 => AtAsync(
            caller, directory, path, PathEnd.Entry, EmscriptenContext.Of(caller).Modes,
            static (place, modes, token) => place.Name is { } name ? ReplaceAsync(modes, place, () => place.Directory.RemoveFileAsync(name, token), token) : new(Errno.EISDIR),
            cancellationToken),
        RemovesDirectory => AtAsync(
            caller, directory, path, PathEnd.Entry, EmscriptenContext.Of(caller).Modes,
            static (place, modes, token) => place.Name is { } name ? ReplaceAsync(modes, place, () => place.Directory.RemoveDirectoryAsync(name, token), token) : new(Errno.EBUSY),
            cancellationToken),
        _ => new(-(int)Errno.EINVAL),
    };

    public static ValueTask<int> Unlink(Caller caller, int path, CancellationToken cancellationToken) => Unlinkat(caller, WorkingDirectory, path, 0, cancellationToken);

    public static ValueTask<int> Rmdir(Caller caller, int path, CancellationToken cancellationToken) => Unlinkat(caller, WorkingDirectory, path, RemovesDirectory, cancellationToken);

    public static ValueTask<int> Renameat(Caller caller, int directory, int path, int newDirectory, int newPath, CancellationToken cancellationToken) =>
        BetweenAsync(
            caller, directory, path, newDirectory, newPath, PathEnd.NewEntry,
            static async (context, from, to, token) =>
            {
                if (from.Name is not { } name || to.Name is not { } newName)
                    return Errno.EBUSY;
                var error = to.HasSlash ? await from.RequireDirectoryAsync(token).ConfigureAwait(false) : Errno.None;
                return error != Errno.None ? error
                    : await ReplaceAsync(context.Modes, to, () => from.Directory.RenameAsync(name, to.Directory, newName, token), token).ConfigureAwait(false);
            },
            cancellationToken);

    public static ValueTask<int> Linkat(Caller caller, int directory, int path, int newDirectory, int newPath, int flags, CancellationToken cancellationToken) =>
        flags != 0
            ? new(-(int)Errno.EINVAL)
            : BetweenAsync(
                caller, directory, path, newDirectory, newPath, PathEnd.Entry,
                static (_, from, to, token) => from.Name is { } name && to.Name is { } newName ? from.Directory.LinkAsync(name, to.Directory, newName, token)
                    : new(to.Name is null ? Errno.EEXIST : Errno.EPERM),
                cancellationToken);

    public static ValueTask<int> Symlinkat(Caller caller, int target, int directory, int path, CancellationToken cancellationToken) =>
        AtAsync(
            caller, directory, path, PathEnd.Entry, GuestText.ReadPath(caller, target),
            static (place, text, token) => !text.TryGet(out var target) ? new(text.Error)
                : target.Length == 0 ? new(Errno.ENOENT)
                : place.Name is { } name ? place.Directory.CreateSymbolicLinkAsync(name, target, token)
                : new(Errno.EEXIST),
            cancellationToken);

    public static ValueTask<Result<byte[]>> Readlinkat(Caller caller, int directory, int path, int buffer, int length, CancellationToken cancellationToken) =>
        length <= 0
            ? new(Errno.EINVAL)
            : AtAsync<int, byte[]>(
                caller, directory, path, PathEnd.Link, 0,
                static async (place, _, token) =>
                {
                    if (place.Name is not { } name)
                        return Errno.EINVAL;
                    var link = await place.Directory.ReadSymbolicLinkAsync(name, token).ConfigureAwait(false);
                    return link.TryGet(out var target) ? Encoding.UTF8.GetBytes(target) : link.Error;
                },
                cancellationToken);

    /// <summary>What does not fit is cut off, and there is no NUL.</summary>
    public static int CompleteReadlinkat(Caller caller, Result<byte[]> link, int directory, int path, int buffer, int length)
    {
        if (!link.TryGet(out var target))
            return -(int)link.Error;
        var count = Math.Min(target.Length, length);
        target.AsSpan(0, count).CopyTo(caller.GetSpan(buffer, count));
        return count;
    }

    public static ValueTask<int> Faccessat(Caller caller, int directory, int path, int access, int flags, CancellationToken cancellationToken) =>
        (access & ~AllAccess) != 0
            ? new(-(int)Errno.EINVAL)
            : UseStatusAsync(
                caller, directory, path, 0, (EmscriptenContext.Of(caller).Modes, access),
                static (status, all) => (all.access & Executes) == 0 || status.Kind == FileKind.Directory || (all.Modes.Of(status) & UnixFileMode.UserExecute) != 0 ? Errno.None : Errno.EACCES,
                cancellationToken);

    public static ValueTask<int> Chmod(Caller caller, int path, int mode, CancellationToken cancellationToken) =>
        Fchmodat(caller, WorkingDirectory, path, mode, 0, cancellationToken);

    public static ValueTask<int> Fchmodat(Caller caller, int directory, int path, int mode, int flags, CancellationToken cancellationToken) =>
        AtAsync(
            caller, directory, path, EndOf(flags), (EmscriptenContext.Of(caller).Modes, Mode: (UnixFileMode)mode & FileModes.All),
            static (place, all, token) => SetModeAsync(
                all.Modes, all.Mode, () => StatusOfAsync(place, token),
                () => place.Name is { } name ? place.Directory.SetModeAsync(name, all.Mode, token) : place.Directory.SetModeAsync(all.Mode, token)),
            cancellationToken);

    /// <summary>Sets permissions. Where there are none, nothing is changed and nobody is told, as on file systems of Linux that are mounted so.</summary>
    public static async ValueTask<Errno> SetModeAsync(
        FileModes modes, UnixFileMode mode, Func<ValueTask<Result<FileStatus>>> find, Func<ValueTask<Errno>> set)
    {
        if (modes.Any)
        {
            var status = await find().ConfigureAwait(false);
            if (!status.TryGet(out var found))
                return status.Error;
            if (modes.TryChange(found, mode))
                return Errno.None;
        }

        return await set().ConfigureAwait(false) is not Errno.ENOTSUP and var error ? error : Errno.None;
    }

    /// <summary>All files belong to the program's user and group: others it cannot give them to, and nobody is told.</summary>
    public static ValueTask<int> Fchownat(Caller caller, int directory, int path, int user, int group, int flags, CancellationToken cancellationToken) =>
        UseStatusAsync(caller, directory, path, flags, 0, static (_, _) => Errno.None, cancellationToken);

    public static ValueTask<int> Utimensat(Caller caller, int directory, int path, int times, int flags, CancellationToken cancellationToken)
    {
        var read = FileFunctions.ReadTimes(caller, times);
        if (path == 0)
            return FileFunctions.SetTimesAsync(caller, directory, read, cancellationToken);
        return AtAsync(
            caller, directory, path, EndOf(flags), read,
            static (place, times, token) => !times.TryGet(out var found) ? new(times.Error)
                : place.Name is { } name ? place.Directory.SetTimesAsync(name, found, token)
                : place.Directory.SetTimesAsync(found, token),
            cancellationToken);
    }

    public static ValueTask<int> Truncate64(Caller caller, int path, long length, CancellationToken cancellationToken) =>
        length < 0
            ? new(-(int)Errno.EINVAL)
            : AtAsync(
                caller, WorkingDirectory, path, PathEnd.Followed, length,
                static async (place, length, token) =>
                {
                    if (place.Name is not { } name)
                        return Errno.EISDIR;
                    var opened = await place.Directory.OpenFileAsync(name, FileOpening.Write, cancellationToken: token).ConfigureAwait(false);
                    if (!opened.TryGet(out var handle))
                        return opened.Error;
                    await using (handle.ConfigureAwait(false))
                        return await handle.SetLengthAsync(length, token).ConfigureAwait(false);
                },
                HostCall.IfItCanSuspend(caller, cancellationToken));

    public static ValueTask<Result<bool>> Statfs64(Caller caller, int path, int size, int result, CancellationToken cancellationToken) =>
        AtAsync<int, bool>(
            caller, WorkingDirectory, path, PathEnd.Followed, 0,
            static async (place, _, token) => await StatusOfAsync(place, token).ConfigureAwait(false) is var status && status.Error == Errno.None ? true : status.Error, cancellationToken);

    public static int CompleteStatfs64(Caller caller, Result<bool> found, int path, int size, int result) => FileFunctions.WriteStatFs(caller, found.Error, size, result);

    public static int Getcwd(Caller caller, int buffer, int size)
    {
        var path = Encoding.UTF8.GetBytes(EmscriptenContext.Of(caller).WorkingDirectory);
        if (size == 0)
            return -(int)Errno.EINVAL;
        if ((uint)size <= (uint)path.Length)
            return -(int)Errno.ERANGE;
        GuestText.Write(caller, buffer, path.Length + 1, path);
        return path.Length + 1;
    }

    public static ValueTask<int> Chdir(Caller caller, int path, CancellationToken cancellationToken) =>
        AtAsync(
            caller, WorkingDirectory, path, PathEnd.Followed, EmscriptenContext.Of(caller),
            static async (place, context, token) =>
            {
                var error = await place.RequireDirectoryAsync(token).ConfigureAwait(false);
                if (error == Errno.None)
                    context.WorkingDirectory = place.Walk.Path;
                return error;
            },
            cancellationToken);

    public static int Fchdir(Caller caller, int fd)
    {
        var context = EmscriptenContext.Of(caller);
        var error = context.Wasi.Descriptors.Peek(fd, Rights.None, out var descriptor);
        if (error == Errno.None && descriptor is not DirectoryDescriptor { Path: not null })
            error = Errno.ENOTDIR;
        if (error == Errno.None)
            context.WorkingDirectory = ((DirectoryDescriptor)descriptor).Path!;
        return -(int)error;
    }

    public static int Umask(Caller caller, int mask)
    {
        var context = EmscriptenContext.Of(caller);
        var before = context.FileModeMask;
        context.FileModeMask = mask & 0b111_111_111;
        return before;
    }

    /// <summary>Reads a whole file.</summary>
    public static ValueTask<Result<byte[]>> ReadFileAsync(EmscriptenContext context, string path, long most, CancellationToken cancellationToken) =>
        AtAsync<long, byte[]>(
            context, context.ToAbsolute(WorkingDirectory, path), PathEnd.Followed, most,
            static async (place, most, token) =>
            {
                if (place.Name is not { } name)
                    return Errno.EISDIR;
                var opened = await place.Directory.OpenFileAsync(name, FileOpening.Read, cancellationToken: token).ConfigureAwait(false);
                if (!opened.TryGet(out var handle))
                    return opened.Error;
                await using (handle.ConfigureAwait(false))
                    return await ReadAllAsync(handle, most, token).ConfigureAwait(false);
            },
            cancellationToken);

    private static async ValueTask<Result<byte[]>> ReadAllAsync(FileHandle handle, long most, CancellationToken cancellationToken)
    {
        var status = await handle.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        if (!status.TryGet(out var found))
            return status.Error;
        if (found.Length > Math.Min(most, Array.MaxLength))
            return Errno.EFBIG;
        var content = new byte[found.Length];
        for (var length = 0; ;)
        {
            var read = await handle.ReadAsync(content.AsMemory(length), length, cancellationToken).ConfigureAwait(false);
            if (!read.TryGet(out var count))
                return read.Error;
            length += count;
            if (count == 0 || length == content.Length)
                return length == content.Length ? content : content[..length];
        }
    }

    private static PathEnd EndOf(int flags) => (flags & NoFollow) != 0 ? PathEnd.Link : PathEnd.Followed;

    private static ValueTask<Result<FileStatus>> StatusAsync(Caller caller, int directory, int path, int flags, CancellationToken cancellationToken)
    {
        if ((flags & ~(NoFollow | Follows | NoAutomount | EmptyPath)) != 0)
            return new(Errno.EINVAL);
        if ((flags & EmptyPath) != 0 && GuestText.ReadPath(caller, path) is var read && read.TryGet(out var text) && text.Length == 0 && directory != WorkingDirectory)
            return FileFunctions.StatusAsync(caller, directory, cancellationToken);
        return AtAsync<int, FileStatus>(caller, directory, path, EndOf(flags), 0, static (place, _, token) => StatusOfAsync(place, token), cancellationToken);
    }

    /// <summary>What a path leads to, all links followed.</summary>
    public static ValueTask<Result<FileStatus>> StatusAsync(EmscriptenContext context, string path, CancellationToken cancellationToken) =>
        AtAsync<int, FileStatus>(context, path, PathEnd.Followed, 0, static (place, _, token) => StatusOfAsync(place, token), cancellationToken);

    private static ValueTask<Result<FileStatus>> StatusOfAsync(Place place, CancellationToken cancellationToken) =>
        place.Name is { } name ? place.Directory.GetStatusAsync(name, cancellationToken) : place.Directory.GetStatusAsync(cancellationToken);

    /// <summary>Takes the name of an entry away, or gives it to another one.</summary>
    private static async ValueTask<Errno> ReplaceAsync(FileModes modes, Place place, Func<ValueTask<Errno>> replace, CancellationToken cancellationToken)
    {
        if (!modes.Any)
            return await replace().ConfigureAwait(false);
        var status = await StatusOfAsync(place, cancellationToken).ConfigureAwait(false);
        var error = await replace().ConfigureAwait(false);
        if (error == Errno.None && status.TryGet(out var replaced))
            modes.LostName(replaced);
        return error;
    }

    private static async ValueTask<int> UseStatusAsync<TState>(
        Caller caller, int directory, int path, int flags, TState state, Func<FileStatus, TState, Errno> use, CancellationToken cancellationToken)
    {
        var status = await StatusAsync(caller, directory, path, flags, cancellationToken).ConfigureAwait(false);
        return -(int)(status.TryGet(out var found) ? use(found, state) : status.Error);
    }

    /// <summary>Follows a path, and does something there.</summary>
    private static ValueTask<Result<T>> AtAsync<TState, T>(
        Caller caller, int directory, int path, PathEnd end, TState state, Func<Place, TState, CancellationToken, ValueTask<Result<T>>> act, CancellationToken cancellationToken)
    {
        var context = EmscriptenContext.Of(caller);
        return AtAsync(context, context.ToAbsolute(directory, GuestText.ReadPath(caller, path)), end, state, act, cancellationToken);
    }

    private static async ValueTask<Result<T>> AtAsync<TState, T>(
        EmscriptenContext context, Result<string> path, PathEnd end, TState state, Func<Place, TState, CancellationToken, ValueTask<Result<T>>> act,
        CancellationToken cancellationToken)
    {
        try
        {
            var found = await Place.FindRootedAsync(context.Root.Handle, path, end, cancellationToken).ConfigureAwait(false);
            if (!found.TryGet(out var place))
                return found.Error;
            await using (place.ConfigureAwait(false))
                return await act(place, state, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return HostCall.ErrorOf(e);
        }
    }

    /// <summary>Follows a path, and does something there that only fails or not.</summary>
    /// <returns>Zero, or the number of the error, negative.</returns>
    private static async ValueTask<int> AtAsync<TState>(
        Caller caller, int directory, int path, PathEnd end, TState state, Func<Place, TState, CancellationToken, ValueTask<Errno>> act, CancellationToken cancellationToken)
    {
        var result = await AtAsync<(TState State, Func<Place, TState, CancellationToken, ValueTask<Errno>> Act), bool>(
            caller, directory, path, end, (state, act),
            static async (place, both, token) => HostCall.ToResult(await both.Act(place, both.State, token).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
        return -(int)result.Error;
    }

    /// <summary>Follows the path of an entry and another one, and does something between them.</summary>
    private static ValueTask<int> BetweenAsync(
        Caller caller, int directory, int path, int newDirectory, int newPath, PathEnd newEnd, Func<EmscriptenContext, Place, Place, CancellationToken, ValueTask<Errno>> act,
        CancellationToken cancellationToken)
    {
        var context = EmscriptenContext.Of(caller);
        return AtAsync(
            caller, directory, path, PathEnd.Entry, (context, NewPath: context.ToAbsolute(newDirectory, GuestText.ReadPath(caller, newPath)), newEnd, act),
            static async (from, other, token) =>
            {
                var result = await AtAsync(
                    other.context, other.NewPath, other.newEnd, (from, other.context, other.act),
                    static async (to, all, token) => HostCall.ToResult(await all.act(all.context, all.from, to, token).ConfigureAwait(false)), token).ConfigureAwait(false);
                return result.Error;
            },
            cancellationToken);
    }

    private static async ValueTask<int> Try<TState>(TState state, Func<TState, CancellationToken, ValueTask<Result<int>>> act, CancellationToken cancellationToken)
    {
        try
        {
            return FileFunctions.ToResult(await act(state, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return -(int)HostCall.ErrorOf(e);
        }
    }
}
