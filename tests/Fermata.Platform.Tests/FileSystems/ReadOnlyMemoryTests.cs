namespace Fermata.Platform.Tests.FileSystems;

public sealed class ReadOnlyMemoryTests : ReadOnlyFileSystemTests
{
    protected override async Task<FileSystem> Create() => new ReadOnlyFileSystem(await Fill(new MemoryFileSystem()));

    [Fact]
    public void ItIsOfSomething() => Assert.Throws<ArgumentNullException>(() => new ReadOnlyFileSystem(null!));

    [Fact]
    public async Task WhatIsWrittenBelowIsSeen()
    {
        var inner = new MemoryFileSystem();
        await using var root = await new ReadOnlyFileSystem(inner).OpenRootAsync().Get();
        inner.AddText("a", "text");
        Assert.Equal("text", await root.ReadText("a"));
    }
}
