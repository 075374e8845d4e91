namespace Fermata.Runtime;

/// <summary>The numbers of the format, of which docs/snapshots.md tells the rest.</summary>
internal static class SnapshotFormat
{
    public const uint Version = 2;

    /// <summary>The most bytes of a block.</summary>
    public const int BlockBytes = 1 << 16;

    /// <summary>Memories are written in runs of so many bytes, those of which all are zero left out.</summary>
    public const int UnitBytes = SnapshotPages.PageBytes;

    /// <summary>Ends the section of what lies in objects: no number of an object that has contents.</summary>
    public const int EndMark = 0x5EED;

    public static ReadOnlySpan<byte> Magic => "FermSnap"u8;
}

/// <summary>How what is in blocks is packed.</summary>
internal enum SnapshotPacking : byte
{
    None,
    Brotli,
}

/// <summary>Whose a memory, table, global or tag is that an instance imports, or what stands for a function.</summary>
internal enum ReferenceKind : byte
{
    Null,
    I31,

    /// <summary>A function of an instance, imported or not.</summary>
    Function,

    /// <summary>An object that came before.</summary>
    Known,
    Struct,
    Array,
    Exception,

    /// <summary>What a codec has made bytes of.</summary>
    External,
}

/// <summary>What a call that was not running did.</summary>
internal enum CallKind : byte
{
    /// <summary>It had not started.</summary>
    Start,

    /// <summary>It was to go on when it is its turn, or when there is fuel.</summary>
    Turn,

    /// <summary>It waited for an import.</summary>
    Import,

    /// <summary>It waited at an address of a shared memory.</summary>
    Memory,
}

/// <summary>Where a call's part of a C stack is.</summary>
internal enum SliceKind : byte
{
    Empty,
    Copied,
    InPlace,

    /// <summary>In a region of its own.</summary>
    Region,
}
