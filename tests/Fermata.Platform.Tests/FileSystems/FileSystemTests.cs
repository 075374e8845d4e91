using static Fermata.Platform.Tests.FileSystems.HandleExtensions;

namespace Fermata.Platform.Tests.FileSystems;

/// <summary>What every file system that can be written does.</summary>
public abstract partial class FileSystemTests : IAsyncLifetime
{
    private FileSystem FileSystem { get; set; } = null!;

    private DirectoryHandle Root { get; set; } = null!;

    /// <summary>Makes a file system without entries.</summary>
    protected abstract FileSystem Create();

    public async Task InitializeAsync()
    {
        FileSystem = Create();
        Root = await FileSystem.OpenRootAsync().Get();
    }

    public async Task DisposeAsync() => await Root.DisposeAsync();

    [Fact]
    public async Task ItIsEmptyAtFirst()
    {
        Assert.Equal("", await Root.List());
        var status = await Root.GetStatusAsync().Get();
        Assert.Equal(FileKind.Directory, status.Kind);
        Assert.Equal(Errno.ENOENT, await Root.GetStatusAsync("a").Error());
        Assert.Equal(Errno.ENOENT, await Root.OpenDirectoryAsync("a").Error());
        Assert.Equal(Errno.ENOENT, await Root.OpenFileAsync("a", FileOpening.Read).Error());
        Assert.Equal(Errno.ENOENT, await Root.ReadSymbolicLinkAsync("a").Error());
        await Root.RemoveFileAsync("a").Fails(Errno.ENOENT);
        await Root.RemoveDirectoryAsync("a").Fails(Errno.ENOENT);
        await Root.RenameAsync("a", Root, "b").Fails(Errno.ENOENT);
        await Root.LinkAsync("a", Root, "b").Fails(Errno.ENOENT);
        await Root.SetTimesAsync("a", new FileTimes(0, 0)).Fails(Errno.ENOENT);
    }

    [Fact]
    public async Task RootsAreTheSameDirectory()
    {
        await using var other = await FileSystem.OpenRootAsync().Get();
        await Root.MakeFile("a", "text");
        Assert.Equal("text", await other.ReadText("a"));
        var (first, second) = (await Root.GetStatusAsync().Get(), await other.GetStatusAsync().Get());
        Assert.Equal((first.Device, first.Inode), (second.Device, second.Inode));
    }

    [Theory]
    [InlineData("", Errno.ENOENT)]
    [InlineData(".", Errno.EINVAL)]
    [InlineData("..", Errno.EINVAL)]
    [InlineData("a/b", Errno.EINVAL)]
    [InlineData("/", Errno.EINVAL)]
    [InlineData("/etc", Errno.EINVAL)]
    [InlineData("a\0b", Errno.EINVAL)]
    public Task WhatIsNoNameIsRefusedByEveryOperation(string name, Errno error) => RefusesName(name, error);

    [Fact]
    public Task HalfOfASurrogatePairIsNoName() => RefusesName("a\ud800", Errno.EILSEQ);

    [Fact]
    public Task LongNamesAreRefused() => RefusesName(new string('a', 256), Errno.ENAMETOOLONG);

    [Fact]
    public Task BytesOfNamesCount() => RefusesName(new string('ä', 128), Errno.ENAMETOOLONG);

    [Fact]
    public async Task NamesMayHave255Bytes()
    {
        await Root.MakeFile(new string('a', 255));
        await Root.CreateDirectoryAsync(new string('ä', 127)).Succeeds();
    }

    [Theory]
    [InlineData("a\\b")]
    [InlineData("...")]
    [InlineData(" ")]
    [InlineData("CON")]
    [InlineData("a:b*?\"<>|\n\u0001")]
    [InlineData("grün 🌳")]
    public async Task AnythingElseIsAName(string name)
    {
        await Root.MakeFile(name, "text");
        Assert.Equal("text", await Root.ReadText(name));
        Assert.Equal(name, await Root.List());
    }

    [Fact]
    public async Task NamesDifferByTheirCase()
    {
        await Root.MakeFile("a", "small");
        await Root.MakeFile("A", "large");
        Assert.Equal("A a", await Root.List());
        Assert.Equal("small", await Root.ReadText("a"));
    }

    [Fact]
    public async Task EntriesHaveTheInodesOfTheirStatus()
    {
        await Root.MakeFile("file");
        await Root.CreateDirectoryAsync("directory").Succeeds();
        await Root.CreateSymbolicLinkAsync("link", "file").Succeeds();
        Assert.Equal("directory/ file link@", await Root.List());
        foreach (var entry in await Root.ReadEntriesAsync().Get())
        {
            var status = await Root.GetStatusAsync(entry.Name).Get();
            Assert.Equal((status.Kind, status.Inode), (entry.Kind, entry.Inode));
        }
    }

    [Fact]
    public async Task ACancelledTokenEndsOperations()
    {
        await Root.MakeFile("a");
        await using var file = await Root.OpenFileAsync("a", ReadWrite).Get();
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FileSystem.OpenRootAsync(cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Root.OpenFileAsync("a", FileOpening.Read, cancellationToken: cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Root.ReadEntriesAsync(cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => file.ReadAsync(new byte[1], 0, cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => file.WriteAsync(new byte[1], 0, cancelled).AsTask());
        Assert.Equal("", await Root.ReadText("a"));
    }

    [Fact]
    public async Task NothingBeginsOnAClosedHandle()
    {
        await Root.MakeFile("a");
        var file = await Root.OpenFileAsync("a", ReadWrite).Get();
        var directory = await FileSystem.OpenRootAsync().Get();
        for (var i = 0; i < 2; i++)
        {
            await file.DisposeAsync();
            await directory.DisposeAsync();
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => file.ReadAsync(new byte[1], 0).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => file.WriteAsync(new byte[1], 0).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => directory.GetStatusAsync("a").AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => directory.ReadEntriesAsync().AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Root.RenameAsync("a", directory, "b").AsTask());
    }

    [Fact]
    public async Task OtherFileSystemsAreOtherDevices()
    {
        await using var other = await new MemoryFileSystem().OpenRootAsync().Get();
        await Root.MakeFile("a");
        await Root.LinkAsync("a", other, "b").Fails(Errno.EXDEV);
        await Root.RenameAsync("a", other, "b").Fails(Errno.EXDEV);
        Assert.NotEqual((await Root.GetStatusAsync().Get()).Device, (await other.GetStatusAsync().Get()).Device);
    }

    private async Task RefusesName(string name, Errno error)
    {
        await Root.MakeFile("file");
        Assert.Equal(error, await Root.GetStatusAsync(name).Error());
        Assert.Equal(error, await Root.OpenDirectoryAsync(name).Error());
        Assert.Equal(error, await Root.OpenFileAsync(name, FileOpening.Read).Error());
        Assert.Equal(error, await Root.OpenFileAsync(name, New).Error());
        Assert.Equal(error, await Root.ReadSymbolicLinkAsync(name).Error());
        await Root.CreateDirectoryAsync(name).Fails(error);
        await Root.CreateSymbolicLinkAsync(name, "file").Fails(error);
        await Root.LinkAsync(name, Root, "b").Fails(error);
        await Root.LinkAsync("file", Root, name).Fails(error);
        await Root.RenameAsync(name, Root, "b").Fails(error);
        await Root.RenameAsync("file", Root, name).Fails(error);
        await Root.RemoveFileAsync(name).Fails(error);
        await Root.RemoveDirectoryAsync(name).Fails(error);
        await Root.SetTimesAsync(name, default).Fails(error);
        await Root.SetModeAsync(name, default).Fails(error);
        Assert.Equal("file", await Root.List());
    }
}
