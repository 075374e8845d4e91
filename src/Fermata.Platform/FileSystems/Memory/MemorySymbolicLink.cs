using System.Text;

namespace Fermata.Platform.FileSystems;

/// <summary>A symbolic link in memory.</summary>
internal sealed class MemorySymbolicLink(MemoryTree tree, string target) : MemoryNode(tree, mode: null)
{
    private ulong _names;

    public string Target => target;

    public override FileKind Kind => FileKind.SymbolicLink;

    public override long Length { get; } = Encoding.UTF8.GetByteCount(target);

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
    }
}
