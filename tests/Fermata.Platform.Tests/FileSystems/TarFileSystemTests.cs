using System.Formats.Tar;
using static Fermata.Platform.Tests.FileSystems.TestArchives;

namespace Fermata.Platform.Tests.FileSystems;

public sealed class TarFileSystemTests : ReadOnlyFileSystemTests
{
    protected override Task<FileSystem> Create() => Task.FromResult<FileSystem>(new TarFileSystem(Example()));

    [Fact]
    public async Task AFileOfTheHostIsRead()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["a.tar"], Example().ToArray());
        await File.WriteAllBytesAsync(folder["a.tar.gz"], Compressed(Example()).ToArray());
        using (var compressed = new TarFileSystem(folder["a.tar.gz"]))
        {
            await using var root = await compressed.OpenRootAsync().Get();
            File.Delete(folder["a.tar.gz"]);
            Assert.Equal("some text", await root.ReadText("a"));
        }

        using (var files = new TarFileSystem(folder["a.tar"]))
        {
            await using var root = await files.OpenRootAsync().Get();
            Assert.Equal("some text", await root.ReadText("a"));
            await using var file = await root.OpenFileAsync("a", FileOpening.Read).Get();
            files.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => file.ReadAsync(new byte[1], 0).AsTask());
        }

        Assert.Throws<FileNotFoundException>(() => new TarFileSystem(folder["missing.tar"]));
        await File.WriteAllTextAsync(folder["text"], new string('x', 2000));
        Assert.Equal($"{folder["text"]} is no tar archive, or is damaged.", Assert.Throws<InvalidDataException>(() => new TarFileSystem(folder["text"])).Message);
    }

    [Fact]
    public async Task HardLinksAreOneFile()
    {
        await using var root = await new TarFileSystem(Example()).OpenRootAsync().Get();
        var (one, other) = (await root.GetStatusAsync("a").Get(), await root.GetStatusAsync("same").Get());
        Assert.Equal((one.Inode, 2UL), (other.Inode, other.LinkCount));
        Assert.Equal(1_000_000_000_000, one.ModificationTime);
    }

    [Theory]
    [InlineData("../a", "leads out by '..'")]
    [InlineData("/etc/passwd", "has an absolute path")]
    [InlineData("file/a", "needs 'file' to be a directory, which it is not")]
    [InlineData("link/passwd", "needs 'link' to be a directory, which it is not")]
    [InlineData("directory", "is a directory, too")]
    [InlineData("./", "has no name")]
    public void WickedPathsAreRefused(string path, string problem)
    {
        var archive = Tar(writer =>
        {
            Add(writer, TarEntryType.RegularFile, "file");
            Add(writer, TarEntryType.Directory, "directory");
            Add(writer, TarEntryType.SymbolicLink, "link", link: "/etc");
            Add(writer, TarEntryType.RegularFile, path);
        });
        Assert.Equal($"The tar archive: the entry '{path}' {problem}.", Assert.Throws<InvalidDataException>(() => new TarFileSystem(archive)).Message);
        Assert.False(archive.CanRead);
    }

    [Theory]
    [InlineData("later", "is a hard link to 'later', which is no file before it")]
    [InlineData("directory", "is a hard link to 'directory', which is no file before it")]
    [InlineData("file/x", "is a hard link to 'file/x', which is no file before it")]
    [InlineData("link/passwd", "is a hard link to 'link/passwd', which is no file before it")]
    [InlineData("../../etc/passwd", "leads out by '..'")]
    [InlineData("/etc/passwd", "has an absolute path")]
    public void WickedHardLinksAreRefused(string target, string problem)
    {
        var archive = Tar(writer =>
        {
            Add(writer, TarEntryType.RegularFile, "file");
            Add(writer, TarEntryType.Directory, "directory");
            Add(writer, TarEntryType.SymbolicLink, "link", link: "/etc");
            Add(writer, TarEntryType.HardLink, "hard", link: target);
            Add(writer, TarEntryType.RegularFile, "later");
        });
        Assert.EndsWith($" {problem}.", Assert.Throws<InvalidDataException>(() => new TarFileSystem(archive)).Message);
    }

    [Fact]
    public async Task TheLastOfANameCounts()
    {
        var archive = Tar(writer =>
        {
            Add(writer, TarEntryType.RegularFile, "a", "first");
            Add(writer, TarEntryType.HardLink, "b", link: "a");
            Add(writer, TarEntryType.RegularFile, "a", "second");
            Add(writer, TarEntryType.SymbolicLink, "out", link: "/etc/passwd");
            Add(writer, TarEntryType.RegularFile, new string('n', 250), "long");
        });
        await using var root = await new TarFileSystem(archive).OpenRootAsync().Get();
        Assert.Equal(("first", "second", "long"), (await root.ReadText("b"), await root.ReadText("a"), await root.ReadText(new string('n', 250))));
        Assert.Equal((1UL, 1UL), ((await root.GetStatusAsync("a").Get()).LinkCount, (await root.GetStatusAsync("b").Get()).LinkCount));
        Assert.Equal(Errno.ENOTCAPABLE, (await root.Open("out")).Error);
    }

    [Fact]
    public void DamageIsTold()
    {
        var bytes = Tar(writer =>
        {
            Add(writer, TarEntryType.RegularFile, "a", new string('a', 5000));
            Add(writer, TarEntryType.RegularFile, "b", new string('b', 5000));
        }).ToArray();
        var cut = Assert.Throws<InvalidDataException>(() => new TarFileSystem(new MemoryStream(bytes[..4000])));
        Assert.StartsWith("The tar archive", cut.Message);
        var second = bytes.AsSpan().LastIndexOf("ustar"u8) - 257;
        bytes.AsSpan(second + 124, 8).Fill((byte)'z');
        var damaged = Assert.Throws<InvalidDataException>(() => new TarFileSystem(new MemoryStream(bytes)));
        Assert.Equal("The tar archive: the entry 'a' is followed by what is no entry.", damaged.Message);
    }

    [Fact]
    public void EntriesAreLimited()
    {
        var error = Assert.Throws<InvalidDataException>(() => new TarFileSystem(Example(), new ArchiveOptions { MaxEntries = 4 }));
        Assert.Equal("The tar archive: the entry 'd/empty' is one more than the 4 that ArchiveOptions.MaxEntries allows.", error.Message);
    }
}
