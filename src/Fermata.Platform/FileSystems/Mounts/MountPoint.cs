namespace Fermata.Platform.FileSystems;

/// <summary>A place in a tree where a file system is mounted, or below which one is. It stays as it is once the tree is made.</summary>
internal sealed class MountPoint
{
    private readonly Dictionary<string, MountPoint> _below = new(StringComparer.Ordinal);

    /// <summary>Its root stands in for a directory that is not there.</summary>
    private readonly ReadOnlyFileSystem _standIn = new(new MemoryFileSystem());

    /// <summary>What is mounted here; null if nothing is.</summary>
    public FileSystem? FileSystem { get; set; }

    /// <summary>The places in this one, by their names.</summary>
    public IReadOnlyDictionary<string, MountPoint> Below => _below;

    /// <summary>The place of a name in this one, which is made if there is none.</summary>
    public MountPoint Enter(string name)
    {
        if (!_below.TryGetValue(name, out var point))
            _below.Add(name, point = new MountPoint());
        return point;
    }

    /// <summary>Opens the root of what is mounted here. Where nothing is mounted in it, nobody looks for mount points in its directories.</summary>
    public async ValueTask<Result<DirectoryHandle>> OpenMountedAsync(CancellationToken cancellationToken)
    {
        var opened = await FileSystem!.OpenRootAsync(cancellationToken).ConfigureAwait(false);
        return opened.TryGet(out var root) && _below.Count > 0 ? new MountDirectoryHandle(root, this) : opened;
    }

    /// <summary>Opens the directory that is here.</summary>
    /// <param name="parent">The directory above it, as the file system has it that is mounted there.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public async ValueTask<Result<DirectoryHandle>> OpenAsync(DirectoryHandle parent, string name, CancellationToken cancellationToken)
    {
        if (FileSystem is not null)
            return await OpenMountedAsync(cancellationToken).ConfigureAwait(false);
        var opened = await parent.OpenDirectoryAsync(name, cancellationToken).ConfigureAwait(false);
        if (opened.Error is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)
            opened = await _standIn.OpenRootAsync(cancellationToken).ConfigureAwait(false);
        return opened.TryGet(out var directory, out var error) ? new MountDirectoryHandle(directory, this) : error;
    }
}
