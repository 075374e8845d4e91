using Fermata.Platform.FileSystems;

namespace Fermata.Wasi;

/// <summary><c>filetype</c>.</summary>
internal enum FileType : byte
{
    Unknown,
    BlockDevice,
    CharacterDevice,
    Directory,
    RegularFile,
    SocketDgram,
    SocketStream,
    SymbolicLink,
}

internal static class FileTypes
{
    /// <summary>A device of characters is what <c>isatty</c> takes for a terminal.</summary>
    public static FileType OfStream(bool isTerminal) => isTerminal ? FileType.CharacterDevice : FileType.Unknown;

    public static FileType ToFileType(this FileKind kind) => kind switch
    {
        FileKind.File => FileType.RegularFile,
        FileKind.Directory => FileType.Directory,
        FileKind.SymbolicLink => FileType.SymbolicLink,
        FileKind.CharacterDevice => FileType.CharacterDevice,
        FileKind.BlockDevice => FileType.BlockDevice,
        FileKind.Socket => FileType.SocketStream,
        _ => FileType.Unknown,
    };
}
