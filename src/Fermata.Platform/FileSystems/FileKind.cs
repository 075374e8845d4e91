namespace Fermata.Platform.FileSystems;

/// <summary>What an entry of a directory is.</summary>
public enum FileKind
{
    /// <summary>Something else than all others, or not known.</summary>
    Unknown,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A device that is read and written in characters, as terminals are.</summary>
    CharacterDevice,

    /// <summary>A device that is read and written in blocks, as disks are.</summary>
    BlockDevice,

    /// <summary>A named pipe.</summary>
    Pipe,

    /// <summary>A socket.</summary>
    Socket,
}
