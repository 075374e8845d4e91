namespace Fermata.Platform.Tests.FileSystems;

public abstract partial class FileSystemTests
{
    [Fact]
    public async Task RenamingReplacesAFile()
    {
        await using var directory = await Root.MakeDirectory("d");
        await Root.MakeFile("a", "new");
        await directory.MakeFile("b", "old");
        await using var replaced = await directory.OpenFileAsync("b", FileOpening.Read).Get();
        await Root.RenameAsync("a", directory, "b").Succeeds();
        Assert.Equal(("d/", "b"), (await Root.List(), await directory.List()));
        Assert.Equal(("new", "old"), (await directory.ReadText("b"), await replaced.ReadText()));
    }

    [Fact]
    public async Task RenamingReplacesAnEmptyDirectoryByADirectory()
    {
        await using var old = await Root.MakeDirectory("old");
        await using var renamed = await Root.MakeDirectory("new");
        await renamed.MakeFile("a", "text");
        await old.MakeFile("b");
        await Root.RenameAsync("new", Root, "old").Fails(Errno.ENOTEMPTY);
        await old.RemoveFileAsync("b").Succeeds();
        await Root.RenameAsync("new", Root, "old").Succeeds();
        Assert.Equal("old/", await Root.List());
        await using var found = await Root.OpenDirectoryAsync("old").Get();
        Assert.Equal("text", await found.ReadText("a"));
        await old.CreateDirectoryAsync("b").Fails(Errno.ENOENT);
    }

    [Fact]
    public async Task RenamingReplacesNoDirectoryByAFileNorAFileByADirectory()
    {
        await Root.MakeFile("file", "text");
        await Root.CreateDirectoryAsync("directory").Succeeds();
        await Root.CreateSymbolicLinkAsync("link", "directory").Succeeds();
        await Root.RenameAsync("file", Root, "directory").Fails(Errno.EISDIR);
        await Root.RenameAsync("link", Root, "directory").Fails(Errno.EISDIR);
        await Root.RenameAsync("directory", Root, "file").Fails(Errno.ENOTDIR);
        await Root.RenameAsync("directory", Root, "link").Fails(Errno.ENOTDIR);
        await Root.RenameAsync("file", Root, "link").Succeeds();
        Assert.Equal("directory/ link", await Root.List());
        Assert.Equal("text", await Root.ReadText("link"));
    }

    [Fact]
    public async Task NoDirectoryGoesIntoItself()
    {
        await using var directory = await Root.MakeDirectory("a");
        await using var inner = await directory.MakeDirectory("b");
        await Root.RenameAsync("a", directory, "c").Fails(Errno.EINVAL);
        await Root.RenameAsync("a", inner, "c").Fails(Errno.EINVAL);
        await Root.RenameAsync("a", directory, "b").Fails(Errno.EINVAL);
        await directory.RenameAsync("b", Root, "a").Fails(Errno.ENOTEMPTY);
        Assert.Equal(("a/", "b/"), (await Root.List(), await directory.List()));
    }

    [Fact]
    public async Task RenamingToTheSameFileDoesNothing()
    {
        await Root.MakeFile("a", "text");
        await Root.CreateDirectoryAsync("d").Succeeds();
        await Root.LinkAsync("a", Root, "b").Succeeds();
        await Root.RenameAsync("a", Root, "a").Succeeds();
        await Root.RenameAsync("d", Root, "d").Succeeds();
        await Root.RenameAsync("a", Root, "b").Succeeds();
        Assert.Equal("a b d/", await Root.List());
        Assert.Equal("text", await Root.ReadText("b"));
    }

    [Fact]
    public async Task ARenamedDirectoryCountsForItsNewParent()
    {
        await using var from = await Root.MakeDirectory("from");
        await using var to = await Root.MakeDirectory("to");
        await from.CreateDirectoryAsync("d").Succeeds();
        await from.RenameAsync("d", to, "d").Succeeds();
        await Root.RemoveDirectoryAsync("from").Succeeds();
        await to.RenameAsync("d", Root, "e").Succeeds();
        await Root.RemoveDirectoryAsync("to").Succeeds();
        Assert.Equal("e/", await Root.List());
    }

    [Fact]
    public async Task RenamingBackAndForthFromSeveralThreadsLosesNothing()
    {
        await using var one = await Root.MakeDirectory("one");
        await using var two = await Root.MakeDirectory("two");
        for (var i = 0; i < 4; i++)
            await one.MakeFile($"{i}", $"text {i}");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                var name = $"{(number + i) % 4}";
                var error = await one.RenameAsync(name, two, name);
                if (error == Errno.ENOENT)
                    error = await two.RenameAsync(name, one, name);
                Assert.Contains(error, new[] { Errno.None, Errno.ENOENT });
            }
        })));
        var names = (await one.ReadEntriesAsync().Get()).Concat(await two.ReadEntriesAsync().Get()).Select(entry => entry.Name);
        Assert.Equal("0123", string.Concat(names.Order()));
    }
}
