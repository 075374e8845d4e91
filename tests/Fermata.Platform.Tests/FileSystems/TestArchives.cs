using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Fermata.Platform.Tests.FileSystems;

/// <summary>Tar archives in memory.</summary>
internal static class TestArchives
{
    /// <summary>The tree of all read-only file systems.</summary>
    public static MemoryStream Example() => Tar(writer =>
    {
        Add(writer, TarEntryType.RegularFile, "./a", "some text");
        Add(writer, TarEntryType.HardLink, "same", link: "./a");
        Add(writer, TarEntryType.Directory, "./d/");
        Add(writer, TarEntryType.RegularFile, "d/b", new string('b', 200_000));
        Add(writer, TarEntryType.Directory, "d/empty");
        Add(writer, TarEntryType.SymbolicLink, "link", link: "d/b");
        Add(writer, TarEntryType.Fifo, "pipe");
        Add(writer, TarEntryType.CharacterDevice, "device");
    });

    public static MemoryStream Tar(Action<TarWriter> fill)
    {
        var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
            fill(writer);
        bytes.Position = 0;
        return bytes;
    }

    public static void Add(TarWriter writer, TarEntryType type, string name, string content = "", string? link = null)
    {
        var entry = new PaxTarEntry(type, name) { ModificationTime = DateTimeOffset.UnixEpoch.AddSeconds(1000) };
        if (link is not null)
            entry.LinkName = link;
        if (content.Length > 0)
            entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        writer.WriteEntry(entry);
    }

    public static MemoryStream Compressed(MemoryStream archive)
    {
        var bytes = new MemoryStream();
        using (var stream = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            archive.CopyTo(stream);
        bytes.Position = 0;
        return bytes;
    }
}
