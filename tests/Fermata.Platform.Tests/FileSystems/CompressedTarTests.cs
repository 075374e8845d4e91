using static Fermata.Platform.Tests.FileSystems.TestArchives;

namespace Fermata.Platform.Tests.FileSystems;

public sealed class CompressedTarTests : ReadOnlyFileSystemTests
{
    protected override Task<FileSystem> Create() => Task.FromResult<FileSystem>(new TarFileSystem(Compressed(Example())));

    [Fact]
    public void BytesAreLimited()
    {
        using var bomb = Compressed(new MemoryStream(new byte[10 << 20]));
        var error = Assert.Throws<InvalidDataException>(() => new TarFileSystem(bomb, new ArchiveOptions { MaxBytes = 1 << 20 }));
        Assert.Equal("The tar archive has more than the 1048576 bytes that ArchiveOptions.MaxBytes allows.", error.Message);
    }

    [Fact]
    public void DamageIsTold()
    {
        var bytes = Compressed(Example()).ToArray();
        bytes.AsSpan(20, 40).Fill(0xff);
        Assert.Equal("The tar archive cannot be decompressed.", Assert.Throws<InvalidDataException>(() => new TarFileSystem(new MemoryStream(bytes))).Message);
    }

    [Fact]
    public async Task TheStreamNeedNotBeOneThatCanBeSoughtIn()
    {
        foreach (var bytes in new[] { Compressed(Example()), Example() })
        {
            var twice = new System.IO.Compression.GZipStream(Compressed(bytes), System.IO.Compression.CompressionMode.Decompress);
            await using var root = await new TarFileSystem(twice).OpenRootAsync().Get();
            Assert.Equal("some text", await root.ReadText("same"));
            Assert.Throws<ObjectDisposedException>(() => twice.ReadByte());
        }
    }
}
