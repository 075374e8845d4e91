namespace Fermata;

/// <summary>
/// Where the pages of memories are that snapshots name by their contents, in place of having them: snapshots of one store, one after the other, or of many stores with one module have most pages
/// in common.
/// </summary>
/// <remarks>A page that is all zero is named nowhere. What is read is compared with its name, so that a store of pages need not be trusted.</remarks>
public abstract class SnapshotPages
{
    /// <summary>The bytes of a page.</summary>
    public const int PageBytes = 4096;

    /// <summary>The bytes of a name, which is the SHA-256 of the page.</summary>
    public const int NameBytes = 32;

    /// <summary>Keeps a page that a snapshot names. It may be there already, from this snapshot or another.</summary>
    /// <param name="name">The name.</param>
    /// <param name="page">What is in it. It may change when the call has returned.</param>
    public abstract void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> page);

    /// <summary>Reads a page.</summary>
    /// <param name="name">The name.</param>
    /// <param name="page">What gets it.</param>
    /// <returns>Whether it is there; if not, the snapshot is refused.</returns>
    public abstract bool TryRead(ReadOnlySpan<byte> name, Span<byte> page);
}
