using static Fermata.Platform.Tests.FileSystems.HandleExtensions;

namespace Fermata.Platform.Tests.FileSystems;

public abstract partial class FileSystemTests
{
    [Fact]
    public async Task DirectoriesHoldEntriesOfTheirOwn()
    {
        await using var directory = await Root.MakeDirectory("d");
        await directory.MakeFile("a", "inner");
        await Root.MakeFile("a", "outer");
        Assert.Equal(("a d/", "a"), (await Root.List(), await directory.List()));
        Assert.Equal(("outer", "inner"), (await Root.ReadText("a"), await directory.ReadText("a")));
    }

    [Fact]
    public async Task NothingIsMadeWhereSomethingIs()
    {
        await Root.MakeFile("file");
        await Root.CreateDirectoryAsync("directory").Succeeds();
        await Root.CreateSymbolicLinkAsync("link", "nowhere").Succeeds();
        foreach (var name in new[] { "file", "directory", "link" })
        {
            await Root.CreateDirectoryAsync(name).Fails(Errno.EEXIST);
            await Root.CreateSymbolicLinkAsync(name, "a").Fails(Errno.EEXIST);
            await Root.LinkAsync("file", Root, name).Fails(Errno.EEXIST);
            Assert.Equal(Errno.EEXIST, await Root.OpenFileAsync(name, New).Error());
        }

        Assert.Equal("directory/ file link@", await Root.List());
    }

    [Fact]
    public async Task FilesAreNoDirectoriesAndDirectoriesNoFiles()
    {
        await Root.MakeFile("file");
        await Root.CreateDirectoryAsync("directory").Succeeds();
        Assert.Equal(Errno.ENOTDIR, await Root.OpenDirectoryAsync("file").Error());
        Assert.Equal(Errno.EISDIR, await Root.OpenFileAsync("directory", FileOpening.Read).Error());
        Assert.Equal(Errno.EISDIR, await Root.OpenFileAsync("directory", ReadWrite | FileOpening.Create).Error());
        await Root.RemoveDirectoryAsync("file").Fails(Errno.ENOTDIR);
        await Root.RemoveFileAsync("directory").Fails(Errno.EISDIR);
        await Root.LinkAsync("directory", Root, "b").Fails(Errno.EPERM);
        Assert.Equal(Errno.EINVAL, await Root.ReadSymbolicLinkAsync("file").Error());
        Assert.Equal(Errno.EINVAL, await Root.ReadSymbolicLinkAsync("directory").Error());
    }

    [Fact]
    public async Task OnlyEmptyDirectoriesAreRemoved()
    {
        await using var directory = await Root.MakeDirectory("d");
        await directory.MakeFile("a");
        await Root.RemoveDirectoryAsync("d").Fails(Errno.ENOTEMPTY);
        await directory.RemoveFileAsync("a").Succeeds();
        await Root.RemoveDirectoryAsync("d").Succeeds();
        Assert.Equal("", await Root.List());
    }

    [Fact]
    public async Task ARemovedDirectoryStaysOpenAndEmpty()
    {
        await Root.MakeFile("file");
        await using var directory = await Root.MakeDirectory("d");
        await Root.RemoveDirectoryAsync("d").Succeeds();
        Assert.Equal(FileKind.Directory, (await directory.GetStatusAsync().Get()).Kind);
        Assert.Equal("", await directory.List());
        Assert.Equal(Errno.ENOENT, await directory.OpenFileAsync("a", New).Error());
        await directory.CreateDirectoryAsync("a").Fails(Errno.ENOENT);
        await directory.CreateSymbolicLinkAsync("a", "b").Fails(Errno.ENOENT);
        await Root.LinkAsync("file", directory, "a").Fails(Errno.ENOENT);
        await Root.RenameAsync("file", directory, "a").Fails(Errno.ENOENT);
        await Root.MakeFile("d");
        Assert.Equal("", await directory.List());
    }

    [Fact]
    public async Task AnOpenDirectoryGoesWithItsNewName()
    {
        await using var directory = await Root.MakeDirectory("d");
        await using var other = await Root.MakeDirectory("other");
        await Root.RenameAsync("d", other, "e").Succeeds();
        await directory.MakeFile("a", "text");
        await using var renamed = await other.OpenDirectoryAsync("e").Get();
        Assert.Equal("text", await renamed.ReadText("a"));
        Assert.Equal("other/", await Root.List());
    }

    [Fact]
    public async Task HardLinksAreOneFile()
    {
        await using var directory = await Root.MakeDirectory("d");
        await Root.MakeFile("a", "text");
        await Root.LinkAsync("a", directory, "b").Succeeds();
        var (first, second) = (await Root.GetStatusAsync("a").Get(), await directory.GetStatusAsync("b").Get());
        Assert.Equal((first.Device, first.Inode, 2UL, 2UL), (second.Device, second.Inode, first.LinkCount, second.LinkCount));
        await using (var file = await directory.OpenFileAsync("b", FileOpening.Write).Get())
            await file.WriteText("TEXT");
        Assert.Equal("TEXT", await Root.ReadText("a"));
        await Root.RemoveFileAsync("a").Succeeds();
        Assert.Equal("TEXT", await directory.ReadText("b"));
        Assert.Equal(1UL, (await directory.GetStatusAsync("b").Get()).LinkCount);
    }

    [Fact]
    public async Task SymbolicLinksAreNotFollowed()
    {
        await Root.MakeFile("file", "text");
        await Root.CreateDirectoryAsync("directory").Succeeds();
        await Root.CreateSymbolicLinkAsync("toFile", "file").Succeeds();
        await Root.CreateSymbolicLinkAsync("toDirectory", "directory").Succeeds();
        await Root.CreateSymbolicLinkAsync("toNowhere", "ä/../b").Succeeds();
        Assert.Equal("ä/../b", await Root.ReadSymbolicLinkAsync("toNowhere").Get());
        var status = await Root.GetStatusAsync("toNowhere").Get();
        Assert.Equal((FileKind.SymbolicLink, 7L), (status.Kind, status.Length));
        Assert.Equal(Errno.ELOOP, await Root.OpenFileAsync("toFile", FileOpening.Read).Error());
        Assert.Equal(Errno.ELOOP, await Root.OpenFileAsync("toNowhere", FileOpening.Write | FileOpening.Create).Error());
        Assert.Contains(await Root.OpenDirectoryAsync("toDirectory").Error(), new[] { Errno.ENOTDIR, Errno.ELOOP });
        await Root.RemoveDirectoryAsync("toDirectory").Fails(Errno.ENOTDIR);
        await Root.SetTimesAsync("toFile", new FileTimes(5000, 5000)).Succeeds();
        Assert.Equal(5000, (await Root.GetStatusAsync("toFile").Get()).ModificationTime);
        Assert.NotEqual(5000, (await Root.GetStatusAsync("file").Get()).ModificationTime);
        await Root.LinkAsync("toFile", Root, "again").Succeeds();
        Assert.Equal("file", await Root.ReadSymbolicLinkAsync("again").Get());
        await Root.RemoveFileAsync("toDirectory").Succeeds();
        Assert.Equal("again@ directory/ file toFile@ toNowhere@", await Root.List());
    }

    [Theory]
    [InlineData("", Errno.ENOENT)]
    [InlineData("a\0b", Errno.EINVAL)]
    public async Task SomeTextsAreNoTargets(string target, Errno error) => await Root.CreateSymbolicLinkAsync("a", target).Fails(error);

    [Fact]
    public async Task HalfOfASurrogatePairIsNoTarget() => await Root.CreateSymbolicLinkAsync("a", "\udc00").Fails(Errno.EILSEQ);

    [Fact]
    public async Task TargetsAreShorterThan4096Bytes()
    {
        await Root.CreateSymbolicLinkAsync("a", new string('a', 4095)).Succeeds();
        Assert.Equal(new string('a', 4095), await Root.ReadSymbolicLinkAsync("a").Get());
        await Root.CreateSymbolicLinkAsync("b", new string('a', 4096)).Fails(Errno.ENAMETOOLONG);
    }

    [Fact]
    public async Task ManyEntriesAreListed()
    {
        for (var i = 0; i < 2000; i++)
            await Root.CreateDirectoryAsync($"entry{i}").Succeeds();
        Assert.Equal(2000, (await Root.ReadEntriesAsync().Get()).Select(entry => entry.Name).Distinct().Count());
    }
}
