using System.Text;

namespace Fermata.Platform.FileSystems;

/// <summary>What entries of an archive stand for.</summary>
/// <param name="kind">What it is.</param>
/// <param name="inode">Its number.</param>
internal abstract class ArchiveNode(FileKind kind, ulong inode)
{
    public FileKind Kind => kind;

    public abstract long Length { get; }

    /// <summary>How many names it has.</summary>
    public ulong LinkCount { get; set; }

    /// <summary>In nanoseconds since the beginning of 1970.</summary>
    public long Time { get; set; }

    public FileStatus GetStatus(ulong device) => new()
    {
        Kind = kind,
        Length = Length,
        Device = device,
        Inode = inode,
        LinkCount = LinkCount,
        AccessTime = Time,
        ModificationTime = Time,
        ChangeTime = Time,
    };

    public DirectoryEntry ToEntry(string name) => new(name, kind, inode);
}

/// <summary>A directory of an archive.</summary>
internal sealed class ArchiveDirectory(ulong inode) : ArchiveNode(FileKind.Directory, inode)
{
    public Dictionary<string, ArchiveNode> Entries { get; } = new(StringComparer.Ordinal);

    public override long Length => 0;
}

/// <summary>A regular file of an archive.</summary>
internal sealed class ArchiveFile(ulong inode, ArchiveContent content) : ArchiveNode(FileKind.File, inode)
{
    public ArchiveContent Content => content;

    public override long Length => content.Length;
}

/// <summary>A symbolic link of an archive.</summary>
internal sealed class ArchiveSymbolicLink(ulong inode, string target) : ArchiveNode(FileKind.SymbolicLink, inode)
{
    public string Target => target;

    public override long Length { get; } = Encoding.UTF8.GetByteCount(target);
}
