namespace Fermata.Platform.FileSystems;

/// <summary>One tree of several file systems: one is its root, the others are mounted in it.</summary>
/// <remarks>
/// <para>
/// A mount point is a name in the tree, which hides what is there in the file system that it is mounted in, and need not be there. Where that has no directory above it either,
/// there is an empty one, which cannot be written (<see cref="Errno.EROFS"/>); what is no directory there is hidden. Mount points, and directories above them, are neither removed
/// nor renamed (<see cref="Errno.EBUSY"/>), and nothing is renamed or linked from one file system to another (<see cref="Errno.EXDEV"/>).
/// </para>
/// <para>
/// Files, and directories of a file system in which nothing is mounted, are handed out as they are, so that they work as fast as without this. A file system that is mounted is
/// opened each time that somebody enters it.
/// </para>
/// <para>It may be used by several threads at once, if those may that are in it.</para>
/// </remarks>
public sealed class MountFileSystem : FileSystem
{
    private readonly MountPoint _root;

    /// <summary>Makes a tree, which stays as it is.</summary>
    /// <param name="root">What the tree is but for what is mounted in it.</param>
    /// <param name="mounts">
    /// The file systems in it, each with its path from the root, such as <c>/data/in</c>, without <c>.</c> and <c>..</c>. One may be mounted in another; their order does not matter.
    /// </param>
    /// <exception cref="ArgumentException">A path does not begin with <c>/</c>, has what is no name, is the root itself, or is there twice.</exception>
    public MountFileSystem(FileSystem root, params IEnumerable<(string Path, FileSystem FileSystem)> mounts)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(mounts);
        _root = new MountPoint { FileSystem = root };
        foreach (var (path, fileSystem) in mounts)
        {
            if (path is null || fileSystem is null)
                throw new ArgumentException($"The file system to mount at '{path}', or its path, is null.", nameof(mounts));
            if (!path.StartsWith('/'))
                throw new ArgumentException($"The path '{path}' of a mount point does not begin with '/'.", nameof(mounts));
            var point = _root;
            foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                if (EntryName.Check(name) is not Errno.None and var error)
                    throw new ArgumentException($"The path '{path}' of a mount point has '{name}', which is no name of a directory ({error}).", nameof(mounts));
                point = point.Enter(name);
            }

            if (point == _root)
                throw new ArgumentException($"Nothing can be mounted at '{path}', which is the root: give that file system as the root.", nameof(mounts));
            if (point.FileSystem is not null)
                throw new ArgumentException($"Two file systems are to be mounted at '{path}': give one, or an OverlayFileSystem of both.", nameof(mounts));
            point.FileSystem = fileSystem;
        }
    }

    /// <inheritdoc/>
    public override ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default) => _root.OpenMountedAsync(cancellationToken);
}
