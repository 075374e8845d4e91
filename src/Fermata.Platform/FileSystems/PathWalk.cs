namespace Fermata.Platform.FileSystems;

/// <summary>Where a path leads to, seen from a directory and never out of it: a directory, open, and the name of an entry in it.</summary>
/// <remarks>
/// <para>
/// The one place where paths are split, <c>..</c> goes back, and symbolic links are followed. It goes from one open directory to the next, so that nothing that is
/// renamed or replaced meanwhile leads elsewhere: <c>..</c> leads to the directory that the path came from, wherever the one that it leaves has been moved.
/// </para>
/// <para>
/// <see cref="FollowAsync"/> is for programs that are given directories, of which no path leads out, and <see cref="FollowRootedAsync"/> for those that see one tree, in which
/// paths are resolved as POSIX has it. All but <c>/</c> at the beginning and <c>..</c> at the root is the same in both.
/// </para>
/// <para>A directory that is replaced by a symbolic link, or the other way round, while a path is followed may be told to be neither (<see cref="Errno.ENOTDIR"/>).</para>
/// </remarks>
public readonly struct PathWalk : IAsyncDisposable
{
    /// <summary>No path is that long, as on Linux, where the NUL behind it counts.</summary>
    internal const int LongestPath = 4096;

    /// <summary>The most symbolic links in one path, as on Linux.</summary>
    private const int MostLinks = 40;

    /// <summary>The most directories that a path may be deep: that many are open while it is followed.</summary>
    private const int MostOpen = 256;

    /// <summary>The names of the directories from the root to <see cref="Directory"/>.</summary>
    private readonly IReadOnlyList<string> _directoryNames;

    private PathWalk(DirectoryHandle directory, IReadOnlyList<string> directoryNames, string? name, bool ownsDirectory, bool isDirectoryExpected)
    {
        (Directory, _directoryNames, Name) = (directory, directoryNames, name);
        (OwnsDirectory, IsDirectoryExpected) = (ownsDirectory, isDirectoryExpected);
    }

    /// <summary>The directory that has the entry, or that the path itself leads to if there is no <see cref="Name"/>.</summary>
    public DirectoryHandle Directory { get; }

    /// <summary>Whether <see cref="Directory"/> was opened on the way, so that disposing this closes it, rather than being the one at which the path begins.</summary>
    public bool OwnsDirectory { get; }

    /// <summary>The name of the entry, which need not exist; null where the path leads to <see cref="Directory"/> itself, as <c>a/..</c> does.</summary>
    public string? Name { get; }

    /// <summary>
    /// The path from the root to where the walk arrived, as it was then, without symbolic links, <c>.</c> and <c>..</c>: <c>/</c>, or <c>/</c> before each name. A symbolic
    /// link at the end that was not followed is its last name.
    /// </summary>
    public string Path => '/' + string.Join('/', Name is null ? _directoryNames : _directoryNames.Append(Name));

    /// <summary>Whether the path ends with <c>/</c>, so that the entry must be a directory.</summary>
    public bool IsDirectoryExpected { get; }

    /// <summary>Follows a path in a directory, and never out of it.</summary>
    /// <param name="root">The directory at which it begins, and which it does not leave.</param>
    /// <param name="path">The path; one that begins with <c>/</c> would leave the directory.</param>
    /// <param name="followsLast">Whether a symbolic link at the end is followed, too; what it points to need not exist.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>
    /// The place; <see cref="Errno.ENOTCAPABLE"/> if the path, or a symbolic link, leads out of the directory, <see cref="Errno.ENOENT"/>, <see cref="Errno.ENOTDIR"/>,
    /// <see cref="Errno.ELOOP"/> after 40 symbolic links, or <see cref="Errno.ENAMETOOLONG"/> if it has 4,096 characters or leads through more than 256 directories.
    /// </returns>
    public static ValueTask<Result<PathWalk>> FollowAsync(DirectoryHandle root, string path, bool followsLast, CancellationToken cancellationToken = default) =>
        WalkAsync(root, isWholeTree: false, path, followsLast, cancellationToken);

    /// <summary>
    /// Follows a path in a tree of which a program sees nothing above: a path or the target of a symbolic link that begins with <c>/</c> begins at the root, and <c>..</c>
    /// in the root leads to the root, as "Pathname Resolution" of POSIX has it.
    /// </summary>
    /// <param name="root">The root of the tree.</param>
    /// <param name="path">The path; one that does not begin with <c>/</c> begins at the root, too.</param>
    /// <param name="followsLast">Whether a symbolic link at the end is followed, too; what it points to need not exist.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>The place, or an error as <see cref="FollowAsync"/> has it, but for <see cref="Errno.ENOTCAPABLE"/>: nothing leads out.</returns>
    public static ValueTask<Result<PathWalk>> FollowRootedAsync(DirectoryHandle root, string path, bool followsLast, CancellationToken cancellationToken = default) =>
        WalkAsync(root, isWholeTree: true, path, followsLast, cancellationToken);

    /// <summary>Closes what was opened on the way.</summary>
    public ValueTask DisposeAsync() => OwnsDirectory ? Directory.DisposeAsync() : default;

    private static async ValueTask<Result<PathWalk>> WalkAsync(
        DirectoryHandle root, bool isWholeTree, string path, bool followsLast, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(path);
        var walk = new Walk(root, isWholeTree, followsLast);
        var hasArrived = false;
        try
        {
            var error = await walk.RunAsync(path, cancellationToken).ConfigureAwait(false);
            hasArrived = error == Errno.None;
            if (!hasArrived)
                return error;
        }
        finally
        {
            await walk.CloseAsync(keepsLast: hasArrived).ConfigureAwait(false);
        }

        return new PathWalk(walk.Current, walk.DirectoryNames, walk.Name, ownsDirectory: walk.Current != root, walk.IsDirectoryExpected);
    }

    /// <summary>The state of a walk.</summary>
    private sealed class Walk(DirectoryHandle root, bool isWholeTree, bool followsLast)
    {
        /// <summary>The component at which the root is where the walk goes on; no name is that.</summary>
        private const string Root = "/";

        /// <summary>The components that are left, the next one on top.</summary>
        private readonly Stack<string> _components = [];

        /// <summary>The directories below the root that are open, for <c>..</c>.</summary>
        private readonly Stack<DirectoryHandle> _opened = [];

        private readonly List<string> _directoryNames = [];

        private int _links;

        public string? Name { get; private set; }

        public IReadOnlyList<string> DirectoryNames => _directoryNames;

        public bool IsDirectoryExpected { get; private set; }

        public DirectoryHandle Current => _opened.TryPeek(out var directory) ? directory : root;

        public async ValueTask<Errno> RunAsync(string path, CancellationToken cancellationToken)
        {
            var error = Append(path);
            while (error == Errno.None && _components.TryPop(out var component))
            {
                cancellationToken.ThrowIfCancellationRequested();
                error = component switch
                {
                    "." => Errno.None,
                    ".." => await LeaveAsync().ConfigureAwait(false),
                    Root => await ReturnAsync().ConfigureAwait(false),
                    _ when _components.Count > 0 => await EnterAsync(component, cancellationToken).ConfigureAwait(false),
                    _ => await EndAsync(component, cancellationToken).ConfigureAwait(false),
                };
            }

            return error;
        }

        /// <summary>Closes all directories, or all but the last.</summary>
        public async ValueTask CloseAsync(bool keepsLast)
        {
            var last = keepsLast && _opened.TryPop(out var directory) ? directory : null;
            try
            {
                while (_opened.TryPop(out var opened))
                    await opened.DisposeAsync().ConfigureAwait(false);
            }
            finally
            {
                if (last is not null)
                    _opened.Push(last);
            }
        }

        /// <summary>A path, or the target of a symbolic link, is where the walk goes on.</summary>
        private Errno Append(string path)
        {
            if (path.Length == 0)
                return Errno.ENOENT;
            if (path[0] == '/' && !isWholeTree)
                return Errno.ENOTCAPABLE;
            if (path.Contains('\0'))
                return Errno.EINVAL;
            if (path.Length >= LongestPath)
                return Errno.ENAMETOOLONG;
            if (path[^1] == '/' && _components.Count == 0)
                IsDirectoryExpected = true;
            foreach (var component in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                _components.Push(component);
            if (path[0] == '/')
                _components.Push(Root);
            return Errno.None;
        }

        private async ValueTask<Errno> LeaveAsync()
        {
            if (!_opened.TryPop(out var directory))
                return isWholeTree ? Errno.None : Errno.ENOTCAPABLE;
            _directoryNames.RemoveAt(_directoryNames.Count - 1);
            await directory.DisposeAsync().ConfigureAwait(false);
            return Errno.None;
        }

        private async ValueTask<Errno> ReturnAsync()
        {
            _directoryNames.Clear();
            await CloseAsync(keepsLast: false).ConfigureAwait(false);
            return Errno.None;
        }

        private async ValueTask<Errno> EnterAsync(string name, CancellationToken cancellationToken)
        {
            if (_opened.Count == MostOpen)
                return Errno.ENAMETOOLONG;
            var opened = await Current.OpenDirectoryAsync(name, cancellationToken).ConfigureAwait(false);
            if (opened.TryGet(out var directory))
            {
                _opened.Push(directory);
                _directoryNames.Add(name);
                return Errno.None;
            }

            if (opened.Error is not (Errno.ENOTDIR or Errno.ELOOP))
                return opened.Error;
            var link = await Current.ReadSymbolicLinkAsync(name, cancellationToken).ConfigureAwait(false);
            return link.TryGet(out var target, out var error) ? Follow(target) : error == Errno.EINVAL ? Errno.ENOTDIR : error;
        }

        /// <summary>The last component: a symbolic link that is followed, or the end, whatever is there.</summary>
        private async ValueTask<Errno> EndAsync(string name, CancellationToken cancellationToken)
        {
            if (followsLast || IsDirectoryExpected)
            {
                var link = await Current.ReadSymbolicLinkAsync(name, cancellationToken).ConfigureAwait(false);
                if (link.TryGet(out var target))
                    return Follow(target);
            }

            Name = name;
            return Errno.None;
        }

        private Errno Follow(string target) => ++_links > MostLinks ? Errno.ELOOP : Append(target);
    }
}
