using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Fermata.Durable;

/// <summary>The name of a page: its SHA-256.</summary>
internal readonly record struct PageName(UInt128 Low, UInt128 High)
{
    public static PageName Of(ReadOnlySpan<byte> name) => MemoryMarshal.Read<PageName>(name);

    public byte[] ToArray()
    {
        var name = this;
        return MemoryMarshal.AsBytes(new ReadOnlySpan<PageName>(in name)).ToArray();
    }
}

/// <summary>The pages that a snapshot names, with the bytes of those that the one before did not.</summary>
/// <param name="former">What the one before named.</param>
internal sealed class PageSet(IReadOnlySet<PageName> former) : SnapshotPages
{
    private readonly Dictionary<PageName, byte[]> _added = [];
    private readonly HashSet<PageName> _all = [];

    /// <summary>All names.</summary>
    public IReadOnlySet<PageName> All => _all;

    /// <summary>The pages that are new, packed.</summary>
    public IReadOnlyDictionary<PageName, byte[]> Added => _added;

    public override void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> page)
    {
        var key = PageName.Of(name);
        if (_all.Add(key) && !former.Contains(key))
            _added.Add(key, Pack(page));
    }

    public override bool TryRead(ReadOnlySpan<byte> name, Span<byte> page) => false;

    /// <summary>The pages of a store as the database has them.</summary>
    public static SnapshotPages Of(IReadOnlyDictionary<PageName, byte[]> packed) => new Packed(packed);

    private static byte[] Pack(ReadOnlySpan<byte> page)
    {
        const int quality = 1;
        const int window = 12;
        var buffer = ArrayPool<byte>.Shared.Rent(PageBytes);
        try
        {
            // What does not become smaller is left as it is, which its length tells.
            return BrotliEncoder.TryCompress(page, buffer.AsSpan(0, PageBytes - 1), out var length, quality, window) ? buffer.AsSpan(0, length).ToArray() : page.ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed class Packed(IReadOnlyDictionary<PageName, byte[]> pages) : SnapshotPages
    {
        public override void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> page) => throw new NotSupportedException();

        public override bool TryRead(ReadOnlySpan<byte> name, Span<byte> page)
        {
            if (!pages.TryGetValue(PageName.Of(name), out var bytes))
                return false;
            if (bytes.Length < PageBytes)
                return BrotliDecoder.TryDecompress(bytes, page, out var length) && length == PageBytes;
            bytes.CopyTo(page);
            return true;
        }
    }
}
