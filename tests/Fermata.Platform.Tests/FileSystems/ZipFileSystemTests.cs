using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Fermata.Platform.Tests.FileSystems;

public sealed class ZipFileSystemTests : ReadOnlyFileSystemTests
{
    private const int SymbolicLinkAttributes = unchecked((int)(0xa1ffu << 16));

    protected override Task<FileSystem> Create() => Task.FromResult<FileSystem>(new ZipFileSystem(Zip(archive =>
    {
        Add(archive, "a", "some text");
        Add(archive, "same", "some text");
        Add(archive, "d/b", new string('b', 200_000));
        Add(archive, "d/empty/", "");
        Add(archive, "link", "d/b", SymbolicLinkAttributes);
    })));

    [Fact]
    public async Task AFileOfTheHostIsRead()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["a.zip"], Zip(archive => Add(archive, "d/a", "text")).ToArray());
        var files = new ZipFileSystem(folder["a.zip"]);
        await using var root = await files.OpenRootAsync().Get();
        await using var file = (await root.Open("d/a")).Value;
        Assert.Equal("text", await file.ReadText());
        await using var other = (await root.Open("d/a")).Value;
        files.Dispose();
        Assert.Equal("text", await other.ReadText());
        Assert.Throws<FileNotFoundException>(() => new ZipFileSystem(folder["missing.zip"]));
        await File.WriteAllTextAsync(folder["text.zip"], "This is no zip archive, but long enough to be one.");
        Assert.Equal($"{folder["text.zip"]} is no zip archive, or is damaged.", Assert.Throws<InvalidDataException>(() => new ZipFileSystem(folder["text.zip"])).Message);
    }

    [Fact]
    public async Task TimesAreThoseOfTheEntries()
    {
        var time = new DateTimeOffset(2020, 2, 3, 4, 5, 6, TimeZoneInfo.Local.GetUtcOffset(new DateTime(2020, 2, 3)));
        await using var root = await new ZipFileSystem(Zip(archive => archive.CreateEntry("a").LastWriteTime = time)).OpenRootAsync().Get();
        Assert.Equal(time.ToUnixTimeSeconds() * 1_000_000_000, (await root.GetStatusAsync("a").Get()).ModificationTime);
    }

    [Theory]
    [InlineData("../a", "leads out by '..'")]
    [InlineData("d/../../a", "leads out by '..'")]
    [InlineData("/etc/passwd", "has an absolute path")]
    [InlineData("file/a", "needs 'file' to be a directory, which it is not")]
    [InlineData("link/passwd", "needs 'link' to be a directory, which it is not")]
    [InlineData("file/", "needs 'file' to be a directory, which it is not")]
    [InlineData("directory", "is a directory, too")]
    [InlineData(".", "has no name")]
    [InlineData("a\0b", "has a name that no file may have (EINVAL)")]
    public void WickedPathsAreRefused(string path, string problem)
    {
        var zip = Zip(archive =>
        {
            Add(archive, "file", "");
            Add(archive, "directory/x", "");
            Add(archive, "link", "/etc", SymbolicLinkAttributes);
            Add(archive, path, "");
        });
        var message = Assert.Throws<InvalidDataException>(() => new ZipFileSystem(zip)).Message;
        Assert.Equal($"The zip archive: the entry '{path.Replace('\0', '\ufffd')}' {problem}.", message);
    }

    [Fact]
    public async Task TheLastOfANameCounts()
    {
        var zip = Zip(archive =>
        {
            Add(archive, "a", "first");
            Add(archive, "./a", "second");
            Add(archive, "d/", "");
            Add(archive, "d//", "");
            Add(archive, "\\..\\x", "");
        });
        await using var root = await new ZipFileSystem(zip).OpenRootAsync().Get();
        Assert.Equal(("\\..\\x a d/", "second"), (await root.List(), await root.ReadText("a")));
    }

    [Fact]
    public async Task SymbolicLinksLeadOutOnlyInName()
    {
        var zip = Zip(archive =>
        {
            Add(archive, "out", "/etc/passwd", SymbolicLinkAttributes);
            Add(archive, "up", "../..", SymbolicLinkAttributes);
        });
        await using var root = await new ZipFileSystem(zip).OpenRootAsync().Get();
        Assert.Equal((Errno.ENOTCAPABLE, Errno.ENOTCAPABLE), ((await root.Open("out")).Error, (await root.Open("up/x")).Error));
        foreach (var target in new[] { "", new string('a', 5000) })
        {
            var bad = Zip(archive => Add(archive, "l", target, SymbolicLinkAttributes));
            Assert.Contains("the entry 'l' is a symbolic link", Assert.Throws<InvalidDataException>(() => new ZipFileSystem(bad)).Message);
        }
    }

    [Fact]
    public async Task BytesInMemoryAreLimitedToThoseOfOpenFiles()
    {
        var zip = Zip(archive =>
        {
            Add(archive, "a", new string('a', 60_000));
            Add(archive, "b", new string('b', 60_000));
            Add(archive, "bomb", new string('c', 1_000_000));
        });
        await using var root = await new ZipFileSystem(zip, new ArchiveOptions { MaxBytes = 100_000 }).OpenRootAsync().Get();
        var a = await root.OpenFileAsync("a", FileOpening.Read).Get();
        await using var b = await root.OpenFileAsync("b", FileOpening.Read).Get();
        await using var bomb = await root.OpenFileAsync("bomb", FileOpening.Read).Get();
        Assert.Equal("a", await a.ReadText(offset: 59_999));
        Assert.Equal((Errno.ENOMEM, Errno.ENOMEM), (await b.ReadAsync(new byte[1], 0).Error(), await bomb.ReadAsync(new byte[1], 0).Error()));
        Assert.Equal(1_000_000, (await bomb.GetStatusAsync().Get()).Length);
        await a.DisposeAsync();
        await a.DisposeAsync();
        Assert.Equal("b", await b.ReadText(offset: 59_999));
        await using var again = await root.OpenFileAsync("a", FileOpening.Read).Get();
        Assert.Equal(Errno.ENOMEM, await again.ReadAsync(new byte[1], 0).Error());
    }

    /// <summary>The length of an entry stands in the archive: no more is decompressed, whatever its content is.</summary>
    [Fact]
    public async Task NoMoreIsDecompressedThanAnEntrySays()
    {
        await using var root = await new ZipFileSystem(WithLength(10)).OpenRootAsync().Get();
        Assert.Equal("cccccccccc", await root.ReadText("bomb"));
    }

    [Fact]
    public async Task AnEntryThatIsShorterThanItSaysIsTold()
    {
        await using var root = await new ZipFileSystem(WithLength(2_000_000)).OpenRootAsync().Get();
        await using var file = await root.OpenFileAsync("bomb", FileOpening.Read).Get();
        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<InvalidDataException>(() => file.ReadAsync(new byte[1], 0).AsTask());
            Assert.Equal("The zip archive: the entry 'bomb' has less content than it says.", error.Message);
        }
    }

    [Fact]
    public async Task DamageIsTold()
    {
        var bytes = Zip(archive => Add(archive, "a", string.Concat(Enumerable.Range(0, 10_000)))).ToArray();
        bytes.AsSpan(100, 200).Fill(0xff);
        await using var root = await new ZipFileSystem(new MemoryStream(bytes)).OpenRootAsync().Get();
        await using var file = await root.OpenFileAsync("a", FileOpening.Read).Get();
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => file.ReadAsync(new byte[1], 0).AsTask());
        Assert.Equal("The zip archive: the entry 'a' cannot be decompressed.", error.Message);
    }

    [Fact]
    public void EntriesAreLimited()
    {
        var zip = Zip(archive => Add(archive, "a/b/c/d", ""));
        var options = new ArchiveOptions { MaxEntries = 3 };
        Assert.Equal(
            "The zip archive: the entry 'a/b/c/d' is one more than the 3 that ArchiveOptions.MaxEntries allows.",
            Assert.Throws<InvalidDataException>(() => new ZipFileSystem(zip, options)).Message);
        Assert.False(zip.CanRead);
    }

    [Fact]
    public void AStreamMustBeOneThatCanBeSoughtIn()
    {
        using var stream = new GZipStream(new MemoryStream(), CompressionMode.Decompress);
        Assert.Contains("must be one that can be sought in", Assert.Throws<ArgumentException>(() => new ZipFileSystem(stream)).Message);
        Assert.Throws<ArgumentNullException>(() => new ZipFileSystem((Stream)null!));
    }

    /// <summary>An archive of an entry whose header tells another length than its million bytes.</summary>
    private static MemoryStream WithLength(uint length)
    {
        var bytes = Zip(archive => Add(archive, "bomb", new string('c', 1_000_000))).ToArray();
        var header = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(header + 24), length);
        return new MemoryStream(bytes);
    }

    private static MemoryStream Zip(Action<ZipArchive> fill)
    {
        var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            fill(archive);
        bytes.Position = 0;
        return bytes;
    }

    private static void Add(ZipArchive archive, string name, string content, int attributes = 0)
    {
        var entry = archive.CreateEntry(name);
        entry.ExternalAttributes = attributes;
        using var stream = entry.Open();
        stream.Write(Encoding.UTF8.GetBytes(content));
    }
}
