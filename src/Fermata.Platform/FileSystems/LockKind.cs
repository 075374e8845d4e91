namespace Fermata.Platform.FileSystems;

/// <summary>What a range of a file is to be. The numbers are those of <c>l_type</c>.</summary>
internal enum LockKind : short
{
    /// <summary>Several owners may have it (<c>F_RDLCK</c>).</summary>
    Shared = 0,

    /// <summary>One owner may have it (<c>F_WRLCK</c>).</summary>
    Exclusive = 1,

    /// <summary>Not locked (<c>F_UNLCK</c>).</summary>
    None = 2,
}
