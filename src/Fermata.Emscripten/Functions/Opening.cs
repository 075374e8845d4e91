using Fermata.Emscripten.Abi;
using Fermata.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>How flags of <c>open</c> are said in those of WASI, which are POSIX's in other words.</summary>
internal static class Opening
{
    private static readonly (FileFlags Flag, OpenFlags Wasi)[] OpeningFlags =
    [
        (FileFlags.Create, OpenFlags.Creat),
        (FileFlags.Exclusive, OpenFlags.Excl),
        (FileFlags.Truncate, OpenFlags.Trunc),
        (FileFlags.Directory, OpenFlags.Directory),
    ];

    private static readonly (FileFlags Flag, FdFlags Wasi)[] StatusFlags =
    [
        (FileFlags.Append, FdFlags.Append),
        (FileFlags.Nonblock, FdFlags.Nonblock),
        (FileFlags.DataSync, FdFlags.Dsync),
        (FileFlags.Sync, FdFlags.Sync | FdFlags.Dsync),
    ];

    public static OpenRequest ToRequest(DescriptorTable descriptors, FileFlags flags, UnixFileMode? mode)
    {
        var opening = OpeningFlags.Where(pair => (flags & pair.Flag) != 0).Aggregate(OpenFlags.None, (all, pair) => all | pair.Wasi);
        var rights = (flags & FileFlags.AccessMode) switch
        {
            FileFlags.ReadOnly => Rights.All & ~Rights.Writing,
            FileFlags.WriteOnly => Rights.All & ~Rights.FdRead,
            _ => Rights.All,
        };
        return new OpenRequest(
            descriptors, (flags & FileFlags.NoFollow) != 0 ? LookupFlags.None : LookupFlags.SymlinkFollow, opening, rights, Rights.All, ToStatusFlags(flags))
        {
            Mode = mode,
        };
    }

    public static FdFlags ToStatusFlags(FileFlags flags) =>
        StatusFlags.Where(pair => (flags & pair.Flag) == pair.Flag).Aggregate(FdFlags.None, (all, pair) => all | pair.Wasi);

    /// <summary>The flags that <c>F_GETFL</c> tells.</summary>
    public static FileFlags ToFlags(Descriptor descriptor)
    {
        var access = (descriptor.Rights & (Rights.FdRead | Rights.FdWrite)) switch
        {
            Rights.FdRead => FileFlags.ReadOnly,
            Rights.FdWrite => FileFlags.WriteOnly,
            Rights.None => FileFlags.ReadOnly,
            _ => FileFlags.ReadWrite,
        };
        return StatusFlags.Where(pair => (descriptor.Flags & pair.Wasi) == pair.Wasi).Aggregate(access, (all, pair) => all | pair.Flag);
    }
}
