namespace Fermata.Platform.FileSystems;

/// <summary>What all nodes of a file system in memory share, above all the lock under which they are read and changed.</summary>
internal sealed class MemoryTree
{
    private readonly MemoryFileSystemOptions _options;
    private ulong _lastInode;

    public MemoryTree(MemoryFileSystemOptions options)
    {
        _options = options;
        Budget = new ByteBudget(options.MaxBytes);
        Root = new MemoryDirectory(this, mode: null);
        Root.WasLinked(Root);
    }

    public Lock Lock { get; } = new();

    public ulong Device { get; } = DeviceNumber.Next();

    public MemoryDirectory Root { get; }

    public ByteBudget Budget { get; }

    public int EntryCount { get; set; }

    public bool MayHaveMoreEntries => EntryCount < _options.MaxEntries;

    public long Now => (_options.TimeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    public ulong NextInode() => ++_lastInode;
}
