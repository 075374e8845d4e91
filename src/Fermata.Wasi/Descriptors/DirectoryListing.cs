using System.Runtime.InteropServices;
using System.Text;
using Fermata.Platform.FileSystems;
using Fermata.Wasi.Functions;

namespace Fermata.Wasi;

/// <summary>The entries of a directory at some moment. A cookie is the index of the next one.</summary>
/// <param name="inode">The number of the directory; that of its parent is none of the program's business where it is outside of what it was given.</param>
/// <param name="entries">The entries, without those of the directory and its parent.</param>
internal sealed class DirectoryListing(ulong inode, DirectoryEntry[] entries)
{
    private static readonly string[] Itself = [".", ".."];

    public ulong Count => (ulong)(Itself.Length + entries.Length);

    /// <summary>The entry of a cookie.</summary>
    public DirectoryEntry this[ulong cookie] =>
        cookie < (ulong)Itself.Length ? new DirectoryEntry(Itself[cookie], FileKind.Directory, inode) : entries[cookie - (ulong)Itself.Length];

    /// <summary>Fills a buffer with entries, of which the last may be cut off.</summary>
    /// <param name="caller">Whoever calls.</param>
    /// <param name="buffer">The buffer.</param>
    /// <param name="cookie">The first of the entries.</param>
    /// <returns>How many bytes were filled; less than there are if no entries are left.</returns>
    public int Write(Caller caller, Span<byte> buffer, ulong cookie)
    {
        var length = buffer.Length;
        var copy = new GuestCopy(caller);
        for (var next = cookie; next < Count && buffer.Length > 0; next++)
        {
            var entry = this[next];
            var name = Encoding.UTF8.GetBytes(entry.Name);
            var header = new Dirent(next + 1, entry.Inode, (uint)name.Length, (uint)entry.Kind.ToFileType());
            Fill(ref copy, ref buffer, MemoryMarshal.AsBytes(new ReadOnlySpan<Dirent>(in header)));
            Fill(ref copy, ref buffer, name);
        }

        return length - buffer.Length;
    }

    private static void Fill(ref GuestCopy copy, ref Span<byte> buffer, scoped ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(buffer.Length, bytes.Length);
        copy.Copy(bytes[..count], buffer);
        buffer = buffer[count..];
    }
}
