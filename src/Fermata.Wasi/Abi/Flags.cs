namespace Fermata.Wasi;

/// <summary><c>fdflags</c>.</summary>
[Flags]
internal enum FdFlags : ushort
{
    None = 0,
    Append = 1,
    Dsync = 2,
    Nonblock = 4,
    Rsync = 8,
    Sync = 16,

    /// <summary>All that there are.</summary>
    All = 31,
}

/// <summary><c>oflags</c>.</summary>
[Flags]
internal enum OpenFlags : ushort
{
    None = 0,
    Creat = 1,
    Directory = 2,
    Excl = 4,
    Trunc = 8,
}

/// <summary><c>fstflags</c>.</summary>
[Flags]
internal enum TimeFlags : ushort
{
    None = 0,
    Atim = 1,
    AtimNow = 2,
    Mtim = 4,
    MtimNow = 8,
}

/// <summary><c>lookupflags</c>.</summary>
[Flags]
internal enum LookupFlags
{
    None = 0,
    SymlinkFollow = 1,
}

/// <summary><c>whence</c>.</summary>
internal enum Whence : byte
{
    Set,
    Cur,
    End,
}
