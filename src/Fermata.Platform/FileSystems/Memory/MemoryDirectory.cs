namespace Fermata.Platform.FileSystems;

/// <summary>A directory in memory.</summary>
internal sealed class MemoryDirectory(MemoryTree tree, UnixFileMode? mode) : MemoryNode(tree, mode)
{
    private readonly Dictionary<string, MemoryNode> _entries = new(StringComparer.Ordinal);
    private MemoryDirectory? _parent;
    private ulong _directories;

    public override FileKind Kind => FileKind.Directory;

    public override long Length => 0;

    /// <summary>Its own name, its <c>.</c>, and the <c>..</c> of each directory in it, as file systems of Unix count.</summary>
    public override ulong LinkCount => IsRemoved ? 0 : 2 + _directories;

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>Whether nothing can be made in it any more.</summary>
    public bool IsRemoved => _parent is null;

    public DirectoryEntry[] List(CancellationToken cancellationToken)
    {
        var listed = new DirectoryEntry[_entries.Count];
        var count = 0;
        foreach (var (name, node) in _entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            listed[count++] = node.ToEntry(name);
        }

        return listed;
    }

    public MemoryNode? Find(string name) => _entries.GetValueOrDefault(name);

    /// <summary>Why no entry can be made; <see cref="Errno.None"/> if one can.</summary>
    public Errno CheckNew(string name)
    {
        if (IsRemoved)
            return Errno.ENOENT;
        if (_entries.ContainsKey(name))
            return Errno.EEXIST;
        return Tree.MayHaveMoreEntries ? Errno.None : Errno.ENOSPC;
    }

    public void Add(string name, MemoryNode node)
    {
        _entries.Add(name, node);
        Tree.EntryCount++;
        if (node is MemoryDirectory)
            _directories++;
        node.WasLinked(this);
        HasNewContent();
    }

    public void Remove(string name)
    {
        _entries.Remove(name, out var node);
        Tree.EntryCount--;
        if (node is MemoryDirectory)
            _directories--;
        node!.WasUnlinked();
        HasNewContent();
    }

    /// <summary>Moves an entry to where there is none of its new name.</summary>
    public void Move(string name, MemoryDirectory newParent, string newName)
    {
        _entries.Remove(name, out var node);
        newParent._entries.Add(newName, node!);
        if (node is MemoryDirectory moved)
        {
            _directories--;
            newParent._directories++;
            moved._parent = newParent;
        }

        node!.HasNewStatus();
        HasNewContent();
        newParent.HasNewContent();
    }

    /// <summary>Whether it is a directory, or is somewhere in it.</summary>
    public bool IsIn(MemoryDirectory directory)
    {
        for (var current = this; current is not null; current = current._parent == current ? null : current._parent)
        {
            if (current == directory)
                return true;
        }

        return false;
    }

    public override void WasLinked(MemoryDirectory parent)
    {
        _parent = parent;
        HasNewStatus();
    }

    public override void WasUnlinked()
    {
        _parent = null;
        HasNewStatus();
    }
}
