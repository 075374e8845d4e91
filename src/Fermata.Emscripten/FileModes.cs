using Fermata.Platform.FileSystems;

namespace Fermata.Emscripten;

/// <summary>
/// The permissions that a program sees: those that the host says, or else those of the file system. Where that has none, the file is the program's and nobody else's, so that its
/// owner may do everything.
/// </summary>
internal sealed class FileModes
{
    /// <summary>All bits that can be set: also those for the user, the group, and text that stays.</summary>
    public const UnixFileMode All = (UnixFileMode)0b111_111_111_111;

    private const UnixFileMode OfDirectory = (UnixFileMode)0b111_000_000, OfFile = (UnixFileMode)0b110_000_000;

    /// <summary>What the host has said: of no other files than those that were there when the program began.</summary>
    private readonly Dictionary<(ulong Device, ulong Inode), UnixFileMode> _said = [];

    /// <summary>Whether the host has said something of files that are still there.</summary>
    public bool Any
    {
        get
        {
            lock (_said)
                return _said.Count > 0;
        }
    }

    /// <summary>Whether the program has changed what the host said, which is nowhere but here.</summary>
    public bool HasChanged { get; private set; }

    public UnixFileMode Of(FileStatus status)
    {
        lock (_said)
            return _said.TryGetValue(KeyOf(status), out var said) ? said : status.Mode ?? (status.Kind == FileKind.Directory ? OfDirectory : OfFile);
    }

    /// <summary>The host says something.</summary>
    public void Say(FileStatus status, UnixFileMode mode)
    {
        lock (_said)
            _said[KeyOf(status)] = mode & All;
    }

    /// <summary>The program sets permissions.</summary>
    /// <returns>False if the host has said nothing of the file, so that they are for its file system.</returns>
    public bool TryChange(FileStatus status, UnixFileMode mode)
    {
        lock (_said)
        {
            if (!_said.ContainsKey(KeyOf(status)))
                return false;
            _said[KeyOf(status)] = mode;
            return HasChanged = true;
        }
    }

    /// <summary>A file has lost a name: with the last one its number may become another's.</summary>
    public void LostName(FileStatus status)
    {
        lock (_said)
        {
            if (status.Kind == FileKind.Directory || status.LinkCount <= 1)
                _said.Remove(KeyOf(status));
        }
    }

    private static (ulong Device, ulong Inode) KeyOf(FileStatus status) => (status.Device, status.Inode);
}
