namespace Fermata.Platform.FileSystems;

/// <summary>The tree that the entries of an archive make, however wicked they are.</summary>
/// <param name="archive">What the archive is called in messages.</param>
/// <param name="options">What it may cost.</param>
internal sealed class ArchiveTree(string archive, ArchiveOptions options)
{
    private const int LongestShownName = 200;

    private int _entries;
    private ulong _lastInode = 1;

    public ArchiveDirectory Root { get; } = new(inode: 1) { LinkCount = 1 };

    public ulong Device { get; } = DeviceNumber.Next();

    /// <summary>What file systems give for their root.</summary>
    public ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(new ArchiveDirectoryHandle(this, Root));
    }

    /// <summary>What is told of an entry.</summary>
    public InvalidDataException Problem(string entry, string problem, Exception? inner = null) => new($"{archive}: the entry '{Shown(entry)}' {problem}.", inner);

    public void AddDirectory(string path, DateTimeOffset time)
    {
        var directory = Root;
        foreach (var name in Components(path))
            directory = Enter(directory, name, path);
        directory.Time = Nanoseconds(time);
    }

    public void AddFile(string path, ArchiveContent content, DateTimeOffset time) => Add(path, new ArchiveFile(++_lastInode, content) { Time = Nanoseconds(time) });

    public void AddSymbolicLink(string path, string target, DateTimeOffset time)
    {
        if (EntryName.CheckTarget(target) is not Errno.None and var error)
            throw Problem(path, $"is a symbolic link to what is no path ({error})");
        Add(path, new ArchiveSymbolicLink(++_lastInode, target) { Time = Nanoseconds(time) });
    }

    /// <summary>Gives an entry that is there already another name.</summary>
    public void AddHardLink(string path, string target)
    {
        ArchiveNode? node = Root;
        foreach (var name in Components(target))
            node = (node as ArchiveDirectory)?.Entries.GetValueOrDefault(name);
        if (node is null or ArchiveDirectory)
            throw Problem(path, $"is a hard link to '{Shown(target)}', which is no file before it");
        Add(path, node);
    }

    private static long Nanoseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Control characters of others get into nobody's terminal.</summary>
    private static string Shown(string text)
    {
        var shown = string.Concat(text.Take(LongestShownName).Select(character => char.IsControl(character) ? '\ufffd' : character));
        return text.Length > LongestShownName ? shown + "…" : shown;
    }

    private List<string> Components(string path)
    {
        if (path.StartsWith('/'))
            throw Problem(path, "has an absolute path");
        var components = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(component => component != ".").ToList();
        foreach (var component in components)
        {
            if (component == "..")
                throw Problem(path, "leads out by '..'");
            if (EntryName.Check(component) is not Errno.None and var error)
                throw Problem(path, $"has a name that no file may have ({error})");
        }

        return components;
    }

    /// <summary>Adds something that is no directory; the last one of a name counts, as when an archive is extracted.</summary>
    private void Add(string path, ArchiveNode node)
    {
        var components = Components(path);
        if (components.Count == 0)
            throw Problem(path, "has no name");
        var directory = Root;
        foreach (var name in components.SkipLast(1))
            directory = Enter(directory, name, path);
        if (directory.Entries.TryGetValue(components[^1], out var replaced))
        {
            if (replaced is ArchiveDirectory)
                throw Problem(path, "is a directory, too");
            replaced.LinkCount--;
        }
        else
        {
            Count(path);
        }

        directory.Entries[components[^1]] = node;
        node.LinkCount++;
    }

    private ArchiveDirectory Enter(ArchiveDirectory parent, string name, string path)
    {
        if (!parent.Entries.TryGetValue(name, out var entry))
        {
            Count(path);
            parent.Entries.Add(name, entry = new ArchiveDirectory(++_lastInode) { LinkCount = 1 });
        }

        return entry as ArchiveDirectory ?? throw Problem(path, $"needs '{Shown(name)}' to be a directory, which it is not");
    }

    private void Count(string path)
    {
        if (++_entries > options.MaxEntries)
            throw Problem(path, $"is one more than the {options.MaxEntries} that {nameof(ArchiveOptions)}.{nameof(ArchiveOptions.MaxEntries)} allows");
    }
}
