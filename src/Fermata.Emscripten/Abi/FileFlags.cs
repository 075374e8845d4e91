namespace Fermata.Emscripten.Abi;

/// <summary><c>O_…</c> of <c>fcntl.h</c>.</summary>
[Flags]
internal enum FileFlags
{
    ReadOnly = 0,
    WriteOnly = 1,
    ReadWrite = 2,
    AccessMode = 3,
    Create = 0x40,
    Exclusive = 0x80,
    Truncate = 0x200,
    Append = 0x400,
    Nonblock = 0x800,
    DataSync = 0x1000,
    Directory = 0x10000,
    NoFollow = 0x20000,
    CloseOnExec = 0x80000,
    Sync = 0x101000,
    Path = 0x200000,
}
