using Fermata.Platform.FileSystems;

namespace Fermata.Emscripten.Abi;

/// <summary><c>st_mode</c> and <c>d_type</c>: <c>d_type</c> is the upper four bits of <c>st_mode</c>.</summary>
internal static class FileMode
{
    private const int TypeShift = 12;

    public static uint ToMode(this FileKind kind) => (uint)kind.ToEntryType() << TypeShift;

    public static byte ToEntryType(this FileKind kind) => kind switch
    {
        FileKind.Pipe => 1,
        FileKind.CharacterDevice => 2,
        FileKind.Directory => 4,
        FileKind.BlockDevice => 6,
        FileKind.File => 8,
        FileKind.SymbolicLink => 10,
        FileKind.Socket => 12,
        _ => 0,
    };
}
