using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Emscripten;

/// <summary>
/// The permissions that a program sees. File systems have none: whatever is in one that it was given is the program's, and nobody else's, so that its owner may do
/// everything. What the program sets is remembered as long as it runs.
/// </summary>
internal sealed class FileModes
{
    /// <summary>So many files may have permissions of their own.</summary>
    private const int Most = 100_000;

    private const int OfDirectory = 0b111_000_000, OfFile = 0b110_000_000;

    /// <summary>All bits that can be set: also those for the user, the group, and text that stays.</summary>
    private const int All = 0b111_111_111_111;

    private readonly Dictionary<(ulong Device, ulong Inode), int> _modes = [];

    public bool Any
    {
        get
        {
            lock (_modes)
                return _modes.Count > 0;
        }
    }

    public int Of(FileStatus status)
    {
        lock (_modes)
            return _modes.TryGetValue((status.Device, status.Inode), out var mode) ? mode : Default(status);
    }

    public Errno Set(FileStatus status, int mode)
    {
        lock (_modes)
        {
            var key = (status.Device, status.Inode);
            if ((mode & All) == Default(status))
                _modes.Remove(key);
            else if (_modes.Count >= Most && !_modes.ContainsKey(key))
                return Errno.ENOSPC;
            else
                _modes[key] = mode & All;
            return Errno.None;
        }
    }

    private static int Default(FileStatus status) => status.Kind == FileKind.Directory ? OfDirectory : OfFile;
}
