namespace Fermata.Platform.FileSystems;

/// <summary>What entries of directories in memory stand for. All its members are used under the lock of its tree only.</summary>
internal abstract class MemoryNode
{
    private readonly ulong _inode;
    private UnixFileMode? _mode;
    private long _accessTime;
    private long _modificationTime;
    private long _changeTime;

    protected MemoryNode(MemoryTree tree, UnixFileMode? mode)
    {
        (Tree, _mode) = (tree, mode);
        _inode = tree.NextInode();
        _accessTime = _modificationTime = _changeTime = tree.Now;
    }

    public MemoryTree Tree { get; }

    public abstract FileKind Kind { get; }

    public abstract long Length { get; }

    /// <summary>How many names it has: what <see cref="FileStatus.LinkCount"/> tells.</summary>
    public abstract ulong LinkCount { get; }

    public FileStatus Status => new()
    {
        Kind = Kind,
        Length = Length,
        Device = Tree.Device,
        Inode = _inode,
        LinkCount = LinkCount,
        Mode = _mode,
        AccessTime = _accessTime,
        ModificationTime = _modificationTime,
        ChangeTime = _changeTime,
    };

    public DirectoryEntry ToEntry(string name) => new(name, Kind, _inode);

    public void SetTimes(FileTimes times)
    {
        _accessTime = times.Access ?? _accessTime;
        _modificationTime = times.Modification ?? _modificationTime;
        HasNewStatus();
    }

    public void SetMode(UnixFileMode mode)
    {
        _mode = mode;
        HasNewStatus();
    }

    public void WasRead() => _accessTime = Tree.Now;

    public void HasNewContent() => _modificationTime = _changeTime = Tree.Now;

    public void HasNewStatus() => _changeTime = Tree.Now;

    /// <summary>A name of it was made in a directory.</summary>
    public abstract void WasLinked(MemoryDirectory parent);

    /// <summary>A name of it was removed.</summary>
    public abstract void WasUnlinked();
}
