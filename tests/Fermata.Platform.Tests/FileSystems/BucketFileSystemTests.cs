namespace Fermata.Platform.Tests.FileSystems;

public sealed class BucketFileSystemTests
{
    [Fact]
    public async Task TheExampleOfTheDocumentationWorks()
    {
        var bucket = new Dictionary<string, Func<CancellationToken, Task<byte[]>>>
        {
            ["hello.txt"] = async token =>
            {
                await Task.Delay(1, token);
                return "Hello"u8.ToArray();
            },
        };
        await using var root = await new ReadOnlyFileSystem(new BucketFileSystem(bucket)).OpenRootAsync().Get();
        Assert.Equal(("hello.txt", "Hello"), (await root.List(), await root.ReadText("hello.txt")));
        Assert.Equal(Errno.EROFS, (await root.Open("./hello.txt", FileOpening.Write)).Error);
        Assert.Equal((Errno.ENOTDIR, Errno.ENOENT), ((await root.Open("hello.txt/x")).Error, (await root.Open("x")).Error));
        await using var overlay = await new OverlayFileSystem(new BucketFileSystem(bucket), new MemoryFileSystem()).OpenRootAsync().Get();
        await using (var file = (await overlay.Open("hello.txt", FileOpening.Write)).Value)
            await file.AppendAsync(", world"u8.ToArray()).Get();
        Assert.Equal("Hello, world", await overlay.ReadText("hello.txt"));
    }

    [Fact]
    public void TheDocumentationHasTheExampleAsItIsHere()
    {
        var source = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "tests/Fermata.Platform.Tests/FileSystems/BucketFileSystem.cs")).ReplaceLineEndings("\n");
        var example = source.Split("// begin\n")[1].Split("\n// end")[0].Trim();
        Assert.Contains(example, File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs/file-systems.md")).ReplaceLineEndings("\n"));
    }
}
