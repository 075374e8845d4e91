using static Fermata.Platform.Tests.FileSystems.HandleExtensions;

namespace Fermata.Platform.Tests.FileSystems;

/// <summary>What becomes of that which the lower file system has.</summary>
public sealed class OverlayFileSystemTests : IAsyncLifetime
{
    private readonly MemoryFileSystem _lower = new();
    private readonly MemoryFileSystem _upper = new();
    private readonly byte[] _long = new byte[300_001];

    private FileSystem Overlay { get; set; } = null!;

    private DirectoryHandle Root { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _lower.AddText("file", "lower");
        _lower.AddText("d/inner", "lower");
        _lower.AddText("d/e/deep", "lower");
        new Random(3).NextBytes(_long.AsSpan(200_000));
        _lower.AddFile("long", _long);
        _lower.AddText("both/lower", "lower");
        _lower.AddText("both/same", "lower");
        _lower.AddSymbolicLink("link", "file");
        _upper.AddText("both/upper", "upper");
        _upper.AddText("both/same", "upper");
        Overlay = new OverlayFileSystem(_lower, _upper);
        Root = await Overlay.OpenRootAsync().Get();
    }

    public async Task DisposeAsync()
    {
        await Root.DisposeAsync();
        Assert.Equal(("lower", "lower", "lower"), (_lower.ReadText("file"), _lower.ReadText("d/inner"), _lower.ReadText("d/e/deep")));
        await using var lower = await _lower.OpenRootAsync().Get();
        Assert.Equal("both/ d/ file link@ long", await lower.List());
    }

    [Fact]
    public async Task BothAreSeenAsOne()
    {
        Assert.Equal("both/ d/ file link@ long", await Root.List());
        await using var both = await Root.OpenDirectoryAsync("both").Get();
        Assert.Equal("lower same upper", await both.List());
        Assert.Equal(("lower", "upper", "upper"), (await both.ReadText("lower"), await both.ReadText("same"), await both.ReadText("upper")));
        Assert.Equal("file", await Root.ReadSymbolicLinkAsync("link").Get());
        foreach (var entry in await Root.ReadEntriesAsync().Get())
            Assert.Equal(entry.Inode, (await Root.GetStatusAsync(entry.Name).Get()).Inode);
    }

    [Fact]
    public async Task ReadingCopiesNothing()
    {
        await using var directory = await Root.OpenDirectoryAsync("d").Get();
        await using var file = await directory.OpenFileAsync("inner", FileOpening.Read | FileOpening.Create).Get();
        Assert.Equal("lower", await file.ReadText());
        await file.SetTimesAsync(new FileTimes(0, 0)).Fails(Errno.EROFS);
        Assert.False(_upper.Exists("d"));
    }

    [Fact]
    public async Task WritingCopiesUp()
    {
        var times = (await Times("d/e/deep")).ModificationTime;
        await using (var file = (await Root.Open("d/e/deep", ReadWrite)).Value)
        {
            Assert.Equal("lower", _upper.ReadText("d/e/deep"));
            Assert.Equal(times, (await Times("d/e/deep")).ModificationTime);
            await file.WriteText("UP");
        }

        Assert.Equal(("UPwer", false), (_upper.ReadText("d/e/deep"), _upper.Exists("d/inner")));
        await using var deep = (await Root.Open("d/e/deep")).Value;
        Assert.Equal("UPwer", await deep.ReadText());
    }

    [Fact]
    public async Task LongFilesAreCopiedWhole()
    {
        Assert.Equal(Errno.None, await Root.OpenFileAsync("long", FileOpening.Write).Error());
        Assert.Equal(_long, _upper.ReadFile("long"));
        Assert.InRange(_upper.UsedBytes, 100_000, 250_000);
    }

    [Fact]
    public async Task WhatIsDroppedIsNotCopied()
    {
        Assert.Equal(Errno.None, await Root.OpenFileAsync("file", FileOpening.Write | FileOpening.Truncate | FileOpening.Create).Error());
        Assert.Equal(("", ""), (_upper.ReadText("file"), await Root.ReadText("file")));
        Assert.Equal(Errno.EEXIST, await Root.OpenFileAsync("d", New).Error());
    }

    [Fact]
    public async Task AHandleThatWasOpenBeforeTheDirectoryWasCopiedUpSeesIt()
    {
        await using var one = await Root.OpenDirectoryAsync("d").Get();
        await using var other = await Root.OpenDirectoryAsync("d").Get();
        var inode = (await one.GetStatusAsync().Get()).Inode;
        await one.MakeFile("new", "upper");
        Assert.Equal(("e/ inner new", "upper"), (await other.List(), await other.ReadText("new")));
        await other.RemoveFileAsync("inner").Succeeds();
        Assert.Equal("e/ new", await one.List());
        Assert.Equal(inode, (await one.GetStatusAsync().Get()).Inode);
        Assert.Equal(inode, (await Root.GetStatusAsync("d").Get()).Inode);
    }

    [Fact]
    public async Task WhatIsRemovedStaysRemoved()
    {
        await Root.RemoveFileAsync("file").Succeeds();
        await Root.RemoveFileAsync("link").Succeeds();
        await using (var both = await Root.OpenDirectoryAsync("both").Get())
        {
            await both.RemoveFileAsync("same").Succeeds();
            await both.RemoveFileAsync("lower").Succeeds();
            Assert.Equal("upper", await both.List());
            Assert.Equal(Errno.ENOENT, await both.OpenFileAsync("same", FileOpening.Read).Error());
        }

        await using var root = await Overlay.OpenRootAsync().Get();
        Assert.Equal("both/ d/ long", await root.List());
        await root.RemoveFileAsync("file").Fails(Errno.ENOENT);
        await root.MakeFile("file", "new");
        Assert.Equal("new", await root.ReadText("file"));
        await root.RemoveFileAsync("file").Succeeds();
        Assert.Equal("both/ d/ long", await root.List());
        await using var again = await new OverlayFileSystem(_lower, _upper).OpenRootAsync().Get();
        Assert.Equal("both/ d/ file link@ long", await again.List());
    }

    [Fact]
    public async Task ARemovedDirectoryComesBackEmpty()
    {
        await using var old = await Root.OpenDirectoryAsync("d").Get();
        await Root.RemoveDirectoryAsync("d").Fails(Errno.ENOTEMPTY);
        await using (var inner = await old.OpenDirectoryAsync("e").Get())
            await inner.RemoveFileAsync("deep").Succeeds();
        await old.RemoveDirectoryAsync("e").Succeeds();
        await old.RemoveFileAsync("inner").Succeeds();
        await Root.RemoveDirectoryAsync("d").Succeeds();
        Assert.Equal("both/ file link@ long", await Root.List());
        await using var d = await Root.MakeDirectory("d");
        Assert.Equal("", await d.List());
        await d.CreateDirectoryAsync("e").Succeeds();
        Assert.Equal(("e/", ""), (await d.List(), await old.List()));
        await old.CreateDirectoryAsync("x").Fails(Errno.ENOENT);
        Assert.Equal(Errno.ENOENT, await old.OpenFileAsync("x", New).Error());
        Assert.Equal(Errno.None, await old.GetStatusAsync().Error());
    }

    [Fact]
    public async Task ADirectoryOfBothIsRemovedWhenBothAreEmpty()
    {
        await using var both = await Root.OpenDirectoryAsync("both").Get();
        foreach (var entry in await both.ReadEntriesAsync().Get())
        {
            await Root.RemoveDirectoryAsync("both").Fails(Errno.ENOTEMPTY);
            await both.RemoveFileAsync(entry.Name).Succeeds();
        }

        await Root.RemoveDirectoryAsync("both").Succeeds();
        Assert.Equal(("d/ file link@ long", false), (await Root.List(), _upper.Exists("both")));
    }

    [Fact]
    public async Task RenamingAFileCopiesItAndHidesTheOldName()
    {
        await using var directory = await Root.OpenDirectoryAsync("d").Get();
        await Root.RenameAsync("file", directory, "inner").Succeeds();
        await Root.RenameAsync("link", directory, "moved").Succeeds();
        Assert.Equal(("both/ d/ long", "e/ inner moved@"), (await Root.List(), await directory.List()));
        Assert.Equal("lower", _upper.ReadText("d/inner"));
        await directory.RemoveFileAsync("inner").Succeeds();
        Assert.Equal("e/ moved@", await directory.List());
        await Root.RenameAsync("d", Root, "d").Succeeds();
        await Root.RenameAsync("x", Root, "y").Fails(Errno.ENOENT);
    }

    [Fact]
    public async Task DirectoriesOfTheLowerFileSystemAreNotRenamed()
    {
        await Root.RenameAsync("d", Root, "x").Fails(Errno.EXDEV);
        await Root.RenameAsync("both", Root, "x").Fails(Errno.EXDEV);
        await Root.RenameAsync("d", Root, "file").Fails(Errno.ENOTDIR);
        await Root.RenameAsync("file", Root, "d").Fails(Errno.EISDIR);
        Assert.Equal("both/ d/ file link@ long", await Root.List());
        Assert.False(_upper.Exists("d"));
    }

    [Fact]
    public async Task ANewDirectoryReplacesAnEmptyOneOfTheLowerFileSystem()
    {
        await using var directory = await Root.OpenDirectoryAsync("d").Get();
        await using var replaced = await directory.OpenDirectoryAsync("e").Get();
        await using (var made = await Root.MakeDirectory("new"))
            await made.MakeFile("a");
        await Root.RenameAsync("new", directory, "e").Fails(Errno.ENOTEMPTY);
        await replaced.RemoveFileAsync("deep").Succeeds();
        await Root.RenameAsync("new", directory, "e").Succeeds();
        await using var found = await directory.OpenDirectoryAsync("e").Get();
        Assert.Equal(("a", ""), (await found.List(), await replaced.List()));
        await replaced.CreateDirectoryAsync("x").Fails(Errno.ENOENT);
    }

    [Fact]
    public async Task LinkingCopiesUp()
    {
        await using var directory = await Root.OpenDirectoryAsync("d").Get();
        await Root.LinkAsync("file", directory, "inner").Fails(Errno.EEXIST);
        await Root.LinkAsync("file", directory, "hard").Succeeds();
        await using (var file = await Root.OpenFileAsync("file", FileOpening.Write).Get())
            await file.WriteText("UP");
        Assert.Equal("UPwer", await directory.ReadText("hard"));
        Assert.Equal(2UL, (await Root.GetStatusAsync("file").Get()).LinkCount);
    }

    [Fact]
    public async Task TimesCopyUp()
    {
        await Root.SetTimesAsync("file", new FileTimes(5000, 6000)).Succeeds();
        await using var directory = await Root.OpenDirectoryAsync("d").Get();
        await using var inner = await directory.OpenDirectoryAsync("e").Get();
        await inner.SetTimesAsync(new FileTimes(5000, 6000)).Succeeds();
        await Root.SetTimesAsync("d", new FileTimes(5000, 6000)).Succeeds();
        await Root.SetTimesAsync("both", new FileTimes(5000, 6000)).Succeeds();
        Assert.Equal((6000, 6000, 6000), ((await Times("file")).ModificationTime, (await Times("d")).ModificationTime, (await Times("d/e")).ModificationTime));
        Assert.Equal(("lower", "e/ inner"), (await Root.ReadText("file"), await directory.List()));
    }

    [Fact]
    public async Task PermissionsCopyUp()
    {
        const UnixFileMode First = (UnixFileMode)0b110_100_000, Second = (UnixFileMode)0b111_101_000;
        await using var lower = await _lower.OpenRootAsync().Get();
        await lower.SetModeAsync("file", First).Succeeds();
        await lower.SetModeAsync("d", Second).Succeeds();
        await using (var file = await Root.OpenFileAsync("file", FileOpening.Write).Get())
            await file.WriteText("UP");
        Assert.Equal(First, (await Root.GetStatusAsync("file").Get()).Mode);
        await Root.SetModeAsync("long", Second).Succeeds();
        Assert.Equal((Second, 300_001), ((await Root.GetStatusAsync("long").Get()).Mode, (await Root.GetStatusAsync("long").Get()).Length));
        await using var directory = await Root.OpenDirectoryAsync("d").Get();
        await directory.MakeFile("new");
        Assert.Equal(Second, (await Root.GetStatusAsync("d").Get()).Mode);
        await directory.SetModeAsync(First).Succeeds();
        Assert.Equal(First, (await directory.GetStatusAsync().Get()).Mode);
        Assert.Equal((First, Second), ((await lower.GetStatusAsync("file").Get()).Mode, (await lower.GetStatusAsync("d").Get()).Mode));
    }

    [Fact]
    public async Task ACopyThatFailsLeavesTheFile()
    {
        var small = new MemoryFileSystem(new MemoryFileSystemOptions { MaxBytes = 80_000 });
        await using var root = await new OverlayFileSystem(_lower, small).OpenRootAsync().Get();
        Assert.Equal(Errno.ENOSPC, await root.OpenFileAsync("long", FileOpening.Write).Error());
        await root.RenameAsync("long", root, "x").Fails(Errno.ENOSPC);
        Assert.Equal((300_001, 0, 0L), ((await root.GetStatusAsync("long").Get()).Length, small.EntryCount, small.UsedBytes));
    }

    [Fact]
    public async Task ManyThreadsWriteAtOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
        {
            await using var directory = await Root.OpenDirectoryAsync("d").Get();
            await using var inner = await directory.OpenDirectoryAsync("e").Get();
            for (var i = 0; i < 50; i++)
            {
                await inner.MakeFile($"{number}-{i}", "text");
                await using (var file = await inner.OpenFileAsync("deep", FileOpening.Write).Get())
                    await file.AppendAsync(new byte[1]).Get();
                if (i % 2 == 0)
                    await inner.RemoveFileAsync($"{number}-{i}").Succeeds();
            }
        })));
        await using var d = await Root.OpenDirectoryAsync("d").Get();
        await using var e = await d.OpenDirectoryAsync("e").Get();
        Assert.Equal(201, (await e.ReadEntriesAsync().Get()).Length);
        Assert.Equal(405, (await e.GetStatusAsync("deep").Get()).Length);
    }

    [Fact]
    public void BothAreNeeded()
    {
        Assert.Throws<ArgumentNullException>(() => new OverlayFileSystem(null!, _upper));
        Assert.Throws<ArgumentNullException>(() => new OverlayFileSystem(_lower, null!));
    }

    private async Task<FileStatus> Times(string path)
    {
        await using var place = (await PathWalk.FollowAsync(Root, path, followsLast: true)).Value;
        return await place.Directory.GetStatusAsync(place.Name!).Get();
    }
}
