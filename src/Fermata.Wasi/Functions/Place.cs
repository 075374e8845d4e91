using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Wasi.Functions;

/// <summary>What a function wants at the end of a path.</summary>
internal enum PathEnd
{
    /// <summary>What is there, where a symbolic link is followed.</summary>
    Followed,

    /// <summary>What is there, be it a symbolic link; with a slash behind it what that points to.</summary>
    Link,

    /// <summary>The entry of that name, to which something happens: no symbolic link is followed, as on Linux.</summary>
    Entry,

    /// <summary>An entry that need not be there, also if a slash is behind its name.</summary>
    NewEntry,
}

/// <summary>Where a path leads to.</summary>
/// <param name="Walk">The directory, and the name of an entry in it.</param>
/// <param name="HasSlash">Whether a slash is behind the name, which only a directory may have.</param>
internal readonly record struct Place(PathWalk Walk, bool HasSlash) : IAsyncDisposable
{
    public DirectoryHandle Directory => Walk.Directory;

    /// <summary>The name of the entry; null where the path leads to <see cref="Directory"/> itself.</summary>
    public string? Name => Walk.Name;

    /// <summary>Follows a path from a directory descriptor.</summary>
    /// <param name="descriptor">The directory: nothing else has a right to what is done with paths.</param>
    /// <param name="path">The path, or why there is none.</param>
    /// <param name="end">What is wanted at its end.</param>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    public static ValueTask<Result<Place>> FindAsync(Descriptor descriptor, Result<string> path, PathEnd end, CancellationToken cancellationToken) =>
        FindAsync(((DirectoryDescriptor)descriptor).Handle, path, end, PathWalk.FollowAsync, cancellationToken);

    /// <summary>Follows an absolute path.</summary>
    /// <param name="root">The directory that the program sees as <c>/</c>.</param>
    /// <param name="path">The path, or why there is none.</param>
    /// <param name="end">What is wanted at its end.</param>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    public static ValueTask<Result<Place>> FindRootedAsync(DirectoryHandle root, Result<string> path, PathEnd end, CancellationToken cancellationToken) =>
        FindAsync(root, path, end, PathWalk.FollowRootedAsync, cancellationToken);

    private static async ValueTask<Result<Place>> FindAsync(
        DirectoryHandle start, Result<string> path, PathEnd end, Func<DirectoryHandle, string, bool, CancellationToken, ValueTask<Result<PathWalk>>> follow,
        CancellationToken cancellationToken)
    {
        if (!path.TryGet(out var text))
            return path.Error;
        var trimmed = end is PathEnd.Entry or PathEnd.NewEntry ? text.TrimEnd('/') : text;
        var followed = await follow(start, trimmed.Length == 0 ? text : trimmed, end == PathEnd.Followed, cancellationToken).ConfigureAwait(false);
        if (!followed.TryGet(out var walk))
            return followed.Error;
        var place = new Place(walk, text.EndsWith('/'));
        var error = place.HasSlash && end != PathEnd.NewEntry ? await place.RequireDirectoryAsync(cancellationToken).ConfigureAwait(false) : Errno.None;
        if (error == Errno.None)
            return place;
        await place.DisposeAsync().ConfigureAwait(false);
        return error;
    }

    /// <summary>Fails if what is there is no directory.</summary>
    public async ValueTask<Errno> RequireDirectoryAsync(CancellationToken cancellationToken)
    {
        if (Name is null)
            return Errno.None;
        var status = await Directory.GetStatusAsync(Name, cancellationToken).ConfigureAwait(false);
        return !status.TryGet(out var found) ? status.Error : found.Kind == FileKind.Directory ? Errno.None : Errno.ENOTDIR;
    }

    public ValueTask DisposeAsync() => Walk.DisposeAsync();
}
