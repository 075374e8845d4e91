namespace Fermata.Platform.FileSystems;

/// <summary>A regular file in memory. It lives as long as it has names or handles.</summary>
internal sealed class MemoryFile(MemoryTree tree, UnixFileMode? mode) : MemoryNode(tree, mode)
{
    private ulong _names;
    private int _handles;

    public SparseBytes Content { get; } = new(tree.Budget);

    public override FileKind Kind => FileKind.File;

    public override long Length => Content.Length;

    public override ulong LinkCount => _names;

    public override void WasLinked(MemoryDirectory parent)
    {
        _names++;
        HasNewStatus();
    }

    public override void WasUnlinked()
    {
        _names--;
        HasNewStatus();
        DropIfUnreachable();
    }

    public void WasOpened() => _handles++;

    public void WasClosed()
    {
        _handles--;
        DropIfUnreachable();
    }

    private void DropIfUnreachable()
    {
        if (_names == 0 && _handles == 0)
            Content.Clear();
    }
}
