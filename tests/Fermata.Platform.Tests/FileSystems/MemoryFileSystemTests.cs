using static Fermata.Platform.Tests.FileSystems.HandleExtensions;

namespace Fermata.Platform.Tests.FileSystems;

public sealed class MemoryFileSystemTests : FileSystemTests
{
    protected override FileSystem Create() => new MemoryFileSystem();

    [Fact]
    public async Task TheHostAddsWhatProgramsRead()
    {
        var files = new MemoryFileSystem();
        files.AddFile("a/b/c.bin", new byte[] { 1, 2, 3 });
        files.AddText("/a/text", "grün");
        files.AddDirectory("a/d//");
        files.AddDirectory("a/d");
        files.AddDirectory("/");
        files.AddSymbolicLink("links/l", "../a/b");
        await using var root = await files.OpenRootAsync().Get();
        Assert.Equal("a/ links/", await root.List());
        await using var a = await root.OpenDirectoryAsync("a").Get();
        Assert.Equal("b/ d/ text", await a.List());
        Assert.Equal("grün"u8.Length, (await a.GetStatusAsync("text").Get()).Length);
        Assert.Equal([1, 2, 3], files.ReadFile("links/l/c.bin"));
        Assert.True(files.Exists("a/d") && files.Exists("/") && files.Exists("links/l/c.bin") && !files.Exists("x") && !files.Exists("a/text/x"));
    }

    [Fact]
    public async Task TheHostReadsWhatProgramsWrote()
    {
        var files = new MemoryFileSystem();
        await using var root = await files.OpenRootAsync().Get();
        await using var directory = await root.MakeDirectory("d");
        await directory.MakeFile("a", "text");
        Assert.Equal("text", files.ReadText("d/a"));
    }

    [Fact]
    public void AddingAgainReplacesTheContent()
    {
        var files = new MemoryFileSystem();
        files.AddText("a", "some text");
        files.AddText("a", "text");
        files.AddSymbolicLink("l", "d/new");
        files.AddDirectory("d");
        files.AddText("l", "through a link");
        Assert.Equal(("text", "through a link"), (files.ReadText("a"), files.ReadText("d/new")));
    }

    [Fact]
    public void TheHostIsToldWhatCannotBe()
    {
        var files = new MemoryFileSystem();
        files.AddText("file", "text");
        files.AddDirectory("d");
        var missing = Assert.Throws<FileNotFoundException>(() => files.ReadFile("x/y"));
        Assert.Equal(("There is no 'x/y' in the memory file system.", "x/y"), (missing.Message, missing.FileName));
        Assert.Equal("'file/a' in the memory file system: ENOTDIR.", Assert.Throws<IOException>(() => files.ReadFile("file/a")).Message);
        Assert.Equal("'d' in the memory file system: EISDIR.", Assert.Throws<IOException>(() => files.ReadText("d")).Message);
        Assert.Equal("'/' in the memory file system: EISDIR.", Assert.Throws<IOException>(() => files.ReadText("/")).Message);
        Assert.Equal("'d' in the memory file system: EISDIR.", Assert.Throws<IOException>(() => files.AddText("d", "")).Message);
        Assert.Equal("'e/' in the memory file system: EISDIR.", Assert.Throws<IOException>(() => files.AddText("e/", "")).Message);
        Assert.Equal("'file' in the memory file system: EEXIST.", Assert.Throws<IOException>(() => files.AddDirectory("file")).Message);
        Assert.Equal("'file' in the memory file system: EEXIST.", Assert.Throws<IOException>(() => files.AddSymbolicLink("file", "x")).Message);
        Assert.Equal("'../a' in the memory file system: ENOTCAPABLE.", Assert.Throws<IOException>(() => files.AddText("../a", "x")).Message);
        Assert.Throws<ArgumentException>(() => files.ReadFile(""));
    }

    [Fact]
    public async Task BytesAreLimited()
    {
        var files = new MemoryFileSystem(new MemoryFileSystemOptions { MaxBytes = 100 << 10 });
        await using var root = await files.OpenRootAsync().Get();
        var file = await root.OpenFileAsync("a", New).Get();
        Assert.Equal(64 << 10, await file.WriteAsync(new byte[200 << 10], 0).Get());
        Assert.Equal(64 << 10, files.UsedBytes);
        await file.AllocateAsync(0, 1L << 60).Fails(Errno.ENOSPC);
        await file.AllocateAsync(0, 128 << 10).Fails(Errno.ENOSPC);
        await file.AllocateAsync(0, 96 << 10).Succeeds();
        Assert.Equal(96 << 10, files.UsedBytes);
        Assert.Equal(1, await file.WriteAsync(new byte[1], 256 << 10).Get());
        Assert.Equal(Errno.ENOSPC, await file.WriteAsync(new byte[1], 300 << 10).Error());
        await file.SetLengthAsync(long.MaxValue).Succeeds();
        await root.RemoveFileAsync("a").Succeeds();
        Assert.NotEqual(0, files.UsedBytes);
        await file.DisposeAsync();
        await file.DisposeAsync();
        Assert.Equal(0, files.UsedBytes);
        Assert.Contains("ENOSPC", Assert.Throws<IOException>(() => files.AddFile("b", new byte[200 << 10])).Message);
    }

    [Fact]
    public async Task ShortFilesTakeLittle()
    {
        var files = new MemoryFileSystem();
        files.AddText("a", "text");
        Assert.Equal(1 << 10, files.UsedBytes);
        await using var root = await files.OpenRootAsync().Get();
        await using var file = await root.OpenFileAsync("b", New).Get();
        await file.WriteText("far", 1L << 50);
        Assert.Equal(2 << 10, files.UsedBytes);
        await file.SetLengthAsync(0).Succeeds();
        Assert.Equal(1 << 10, files.UsedBytes);
    }

    [Fact]
    public async Task EntriesAreLimited()
    {
        var files = new MemoryFileSystem(new MemoryFileSystemOptions { MaxEntries = 3 });
        await using var root = await files.OpenRootAsync().Get();
        await root.MakeFile("a");
        await root.CreateDirectoryAsync("b").Succeeds();
        await root.LinkAsync("a", root, "c").Succeeds();
        Assert.Equal(3, files.EntryCount);
        Assert.Equal(Errno.ENOSPC, await root.OpenFileAsync("d", New).Error());
        await root.CreateDirectoryAsync("d").Fails(Errno.ENOSPC);
        await root.CreateSymbolicLinkAsync("d", "a").Fails(Errno.ENOSPC);
        await root.LinkAsync("a", root, "d").Fails(Errno.ENOSPC);
        await root.RenameAsync("a", root, "d").Succeeds();
        await root.RenameAsync("d", root, "c").Succeeds();
        await root.RemoveFileAsync("c").Succeeds();
        await root.RemoveDirectoryAsync("b").Succeeds();
        Assert.Equal(1, files.EntryCount);
    }

    [Fact]
    public async Task TimesAreThoseOfTheProvider()
    {
        var clock = new SteppedClock();
        var files = new MemoryFileSystem(new MemoryFileSystemOptions { TimeProvider = clock });
        await using var root = await files.OpenRootAsync().Get();
        clock.Seconds = 1;
        await root.MakeFile("a", "text");
        clock.Seconds = 2;
        await root.ReadText("a");
        clock.Seconds = 3;
        await root.LinkAsync("a", root, "b").Succeeds();
        var status = await root.GetStatusAsync("a").Get();
        Assert.Equal((2_000_000_000, 1_000_000_000, 3_000_000_000), (status.AccessTime, status.ModificationTime, status.ChangeTime));
        Assert.Equal(3_000_000_000, (await root.GetStatusAsync().Get()).ModificationTime);
    }

    [Fact]
    public async Task DirectoriesCountTheirLinks()
    {
        await using var root = await new MemoryFileSystem().OpenRootAsync().Get();
        await using var directory = await root.MakeDirectory("d");
        await root.MakeFile("a");
        Assert.Equal((3UL, 2UL), ((await root.GetStatusAsync().Get()).LinkCount, (await directory.GetStatusAsync().Get()).LinkCount));
        await root.RemoveDirectoryAsync("d").Succeeds();
        Assert.Equal((2UL, 0UL), ((await root.GetStatusAsync().Get()).LinkCount, (await directory.GetStatusAsync().Get()).LinkCount));
    }

    private sealed class SteppedClock : TimeProvider
    {
        public int Seconds { get; set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(Seconds);
    }
}
