using System.Runtime.InteropServices;
using System.Text;
using Fermata.Platform.FileSystems;

namespace Fermata.Wasi;

/// <summary>The entries of a directory at some moment. A cookie is the index of the next one.</summary>
internal sealed class DirectoryListing
{
    private readonly (byte[] Name, FileType Type, ulong Inode)[] _entries;

    public DirectoryListing(ulong inode, DirectoryEntry[] entries) =>
        _entries =
        [
            ("."u8.ToArray(), FileType.Directory, inode),

            // The parent's number is none of the program's business where it is outside of what it was given.
            (".."u8.ToArray(), FileType.Directory, inode),
            .. entries.Select(entry => (Encoding.UTF8.GetBytes(entry.Name), entry.Kind.ToFileType(), entry.Inode)),
        ];

    /// <summary>Fills a buffer with entries, of which the last may be cut off.</summary>
    /// <returns>How many bytes were filled; less than there are if no entries are left.</returns>
    public int Write(Span<byte> buffer, ulong cookie)
    {
        var length = buffer.Length;
        for (var next = cookie; next < (ulong)_entries.Length && buffer.Length > 0; next++)
        {
            var (name, type, inode) = _entries[next];
            var header = new Dirent(next + 1, inode, (uint)name.Length, (uint)type);
            Fill(ref buffer, MemoryMarshal.AsBytes(new ReadOnlySpan<Dirent>(in header)));
            Fill(ref buffer, name);
        }

        return length - buffer.Length;
    }

    private static void Fill(ref Span<byte> buffer, scoped ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(buffer.Length, bytes.Length);
        bytes[..count].CopyTo(buffer);
        buffer = buffer[count..];
    }
}
