using static Fermata.Platform.Tests.FileSystems.HandleExtensions;

namespace Fermata.Platform.Tests.FileSystems;

public sealed class MountFileSystemTests : IAsyncLifetime
{
    private readonly MemoryFileSystem _root = new();
    private readonly MemoryFileSystem _data = new();
    private readonly MemoryFileSystem _inner = new();
    private readonly MemoryFileSystem _deep = new();

    private FileSystem Tree { get; set; } = null!;

    private DirectoryHandle Root { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _root.AddText("file", "root");
        _root.AddText("home/user/notes", "root");
        _root.AddText("data/hidden", "root");
        _root.AddText("usr/lib/hidden", "root");
        _root.AddText("usr/bin", "root");
        _data.AddText("file", "data");
        _data.AddText("inner/hidden", "data");
        _inner.AddText("file", "inner");
        _deep.AddText("file", "deep");
        Tree = new MountFileSystem(_root, ("/data/inner", _inner), ("/data", _data), ("/usr/lib/", _deep), ("//virtual/parent/mount", _deep));
        Root = await Tree.OpenRootAsync().Get();
    }

    public async Task DisposeAsync()
    {
        await Root.DisposeAsync();
        Assert.Equal(("root", "root"), (_root.ReadText("data/hidden"), _root.ReadText("usr/lib/hidden")));
        Assert.Equal("data", _data.ReadText("inner/hidden"));
    }

    [Theory]
    [InlineData("/", "data/ file home/ usr/ virtual/")]
    [InlineData("/data", "file inner/")]
    [InlineData("/data/inner", "file")]
    [InlineData("/usr", "bin lib/")]
    [InlineData("/usr/lib", "file")]
    [InlineData("/virtual", "parent/")]
    [InlineData("/virtual/parent", "mount/")]
    [InlineData("/virtual/parent/mount", "file")]
    [InlineData("/home/user", "notes")]
    public async Task EachNameIsListedOnceWithTheInodeOfItsStatus(string path, string list)
    {
        await using var directory = await OpenDirectory(path);
        Assert.Equal(list, await directory.List());
        foreach (var entry in await directory.ReadEntriesAsync().Get())
        {
            var status = await directory.GetStatusAsync(entry.Name).Get();
            Assert.Equal((status.Kind, status.Inode), (entry.Kind, entry.Inode));
        }
    }

    [Theory]
    [InlineData("/file", "root")]
    [InlineData("/home/user/notes", "root")]
    [InlineData("/data/file", "data")]
    [InlineData("/data/inner/file", "inner")]
    [InlineData("/usr/bin", "root")]
    [InlineData("/usr/lib/file", "deep")]
    [InlineData("/virtual/parent/mount/file", "deep")]
    [InlineData("/data/inner/../file", "data")]
    [InlineData("/data/inner/../../file", "root")]
    [InlineData("/virtual/parent/mount/../../../file", "root")]
    [InlineData("/data/inner/../inner/./file", "inner")]
    public async Task PathsLeadThroughMountPointsAndBack(string path, string content)
    {
        await using var place = (await PathWalk.FollowRootedAsync(Root, path, followsLast: true)).Value;
        Assert.Equal(content, await place.Directory.ReadText(place.Name!));
    }

    [Fact]
    public async Task SymbolicLinksLeadFromOneFileSystemToAnother()
    {
        _inner.AddSymbolicLink("absolute", "/usr/lib/file");
        _inner.AddSymbolicLink("relative", "../../home/user/notes");
        _root.AddSymbolicLink("home/mounted", "/data/inner/absolute");
        _deep.AddSymbolicLink("loop", "/virtual/parent/mount/loop");
        Assert.Equal("deep", await ReadText("/data/inner/absolute"));
        Assert.Equal("root", await ReadText("/data/inner/relative"));
        Assert.Equal("deep", await ReadText("/home/mounted"));
        Assert.Equal(Errno.ELOOP, (await PathWalk.FollowRootedAsync(Root, "/usr/lib/loop", followsLast: true)).Error);
        await using var place = (await PathWalk.FollowRootedAsync(Root, "/home/mounted", followsLast: true)).Value;
        Assert.Equal("/usr/lib/file", place.Path);
        Assert.Equal(Errno.ENOTCAPABLE, (await PathWalk.FollowAsync(Root, "data/inner/absolute", followsLast: true)).Error);
    }

    [Fact]
    public async Task MountPointsHideSymbolicLinksAndFilesThatAreInTheirWay()
    {
        var root = new MemoryFileSystem();
        root.AddText("a", "file");
        root.AddSymbolicLink("b", "c");
        root.AddText("c/mount/hidden", "hidden");
        await using var tree = await new MountFileSystem(root, ("/a", _data), ("/b/mount", _deep)).OpenRootAsync().Get();
        Assert.Equal("a/ b/ c/", await tree.List());
        Assert.Equal("data", await ReadText("/a/file", tree));
        Assert.Equal("deep", await ReadText("/b/mount/file", tree));
        Assert.Equal("hidden", await ReadText("/c/mount/hidden", tree));
        Assert.Equal(Errno.EINVAL, await tree.ReadSymbolicLinkAsync("b").Error());
    }

    [Theory]
    [InlineData("/", "data")]
    [InlineData("/", "usr")]
    [InlineData("/", "virtual")]
    [InlineData("/data", "inner")]
    [InlineData("/usr", "lib")]
    [InlineData("/virtual", "parent")]
    [InlineData("/virtual/parent", "mount")]
    public async Task MountPointsAndWhatIsAboveThemStay(string path, string name)
    {
        await using var parent = await OpenDirectory(path);
        var before = await parent.List();
        await Root.CreateDirectoryAsync("empty").Succeeds();
        await parent.RemoveDirectoryAsync(name).Fails(Errno.EBUSY);
        await parent.RenameAsync(name, parent, "new").Fails(Errno.EBUSY);
        await parent.RenameAsync(name, Root, "new").Fails(Errno.EBUSY);
        await Root.RenameAsync("empty", parent, name).Fails(Errno.EBUSY);
        await Root.RenameAsync("file", parent, name).Fails(Errno.EBUSY);
        await Root.LinkAsync("file", parent, name).Fails(Errno.EEXIST);
        await parent.LinkAsync(name, parent, "new").Fails(Errno.EPERM);
        await parent.RemoveFileAsync(name).Fails(Errno.EISDIR);
        await parent.CreateDirectoryAsync(name).Fails(Errno.EEXIST);
        await parent.CreateSymbolicLinkAsync(name, "file").Fails(Errno.EEXIST);
        Assert.Equal(Errno.EISDIR, await parent.OpenFileAsync(name, FileOpening.Read).Error());
        Assert.Equal(Errno.EEXIST, await parent.OpenFileAsync(name, New).Error());
        Assert.Equal(Errno.EINVAL, await parent.OpenFileAsync(name, FileOpening.Truncate).Error());
        Assert.Equal(Errno.EINVAL, await parent.ReadSymbolicLinkAsync(name).Error());
        await Root.RemoveDirectoryAsync("empty").Succeeds();
        Assert.Equal(before, await parent.List());
    }

    [Theory]
    [InlineData("/virtual", "parent")]
    [InlineData("/virtual/parent", "mount")]
    public async Task DirectoriesThatStandInForOthersCannotBeWritten(string path, string name)
    {
        await using var directory = await OpenDirectory(path);
        Assert.Equal(Errno.EROFS, await directory.OpenFileAsync("new", New).Error());
        await directory.CreateDirectoryAsync("new").Fails(Errno.EROFS);
        await directory.CreateSymbolicLinkAsync("new", "file").Fails(Errno.EROFS);
        await directory.SetTimesAsync(new FileTimes(0, 0)).Fails(Errno.EROFS);
        await Root.RenameAsync("file", directory, "new").Fails(Errno.EXDEV);
        Assert.Equal(Errno.ENOENT, await directory.GetStatusAsync("new").Error());
        Assert.Equal(Errno.ENOENT, await directory.OpenDirectoryAsync("new").Error());
        Assert.Equal(FileKind.Directory, (await directory.GetStatusAsync().Get()).Kind);
        Assert.Equal(FileKind.Directory, (await directory.GetStatusAsync(name).Get()).Kind);
        await using var again = await OpenDirectory(path);
        Assert.Equal(await directory.GetStatusAsync().Get(), await again.GetStatusAsync().Get());
        Assert.Equal("root", _root.ReadText("file"));
    }

    [Fact]
    public async Task AMountPointHasTheStatusAndTheTimesOfItsRoot()
    {
        await using var inner = await _inner.OpenRootAsync().Get();
        await using var data = await OpenDirectory("/data");
        Assert.Equal(await inner.GetStatusAsync().Get(), await data.GetStatusAsync("inner").Get());
        await data.SetTimesAsync("inner", new FileTimes(5, 7)).Succeeds();
        Assert.Equal(7, (await inner.GetStatusAsync().Get()).ModificationTime);
        await Root.SetTimesAsync("usr", new FileTimes(5, 9)).Succeeds();
        await using var root = await _root.OpenRootAsync().Get();
        Assert.Equal(9, (await root.GetStatusAsync("usr").Get()).ModificationTime);
        await Root.SetTimesAsync("virtual", new FileTimes(5, 7)).Fails(Errno.EROFS);
        await Root.SetModeAsync("usr", UnixFileMode.UserRead).Succeeds();
        Assert.Equal(UnixFileMode.UserRead, (await Root.GetStatusAsync("usr").Get()).Mode);
        await Root.SetModeAsync("virtual", UnixFileMode.UserRead).Fails(Errno.EROFS);
    }

    [Theory]
    [InlineData("/data")]
    [InlineData("/data/inner")]
    [InlineData("/usr/lib")]
    public async Task NothingIsRenamedOrLinkedFromOneFileSystemToAnother(string path)
    {
        await using var mounted = await OpenDirectory(path);
        await using var home = await OpenDirectory("/home/user");
        foreach (var other in new[] { Root, home })
        {
            await other.MakeFile("a");
            await other.RenameAsync("a", mounted, "b").Fails(Errno.EXDEV);
            await other.LinkAsync("a", mounted, "b").Fails(Errno.EXDEV);
            await mounted.RenameAsync("file", other, "b").Fails(Errno.EXDEV);
            await mounted.LinkAsync("file", other, "b").Fails(Errno.EXDEV);
        }
    }

    [Fact]
    public async Task WithinAFileSystemThingsAreRenamedAndLinkedWhereverTheyAre()
    {
        await using var user = await OpenDirectory("/home/user");
        await using var usr = await OpenDirectory("/usr");
        await user.RenameAsync("notes", Root, "1").Succeeds();
        await Root.RenameAsync("1", usr, "2").Succeeds();
        await usr.RenameAsync("2", user, "3").Succeeds();
        await user.LinkAsync("3", usr, "4").Succeeds();
        await usr.LinkAsync("4", Root, "5").Succeeds();
        await Root.LinkAsync("5", user, "6").Succeeds();
        Assert.Equal(("root", "root", "root", "root"), (_root.ReadText("home/user/3"), _root.ReadText("usr/4"), _root.ReadText("5"), _root.ReadText("home/user/6")));
        Assert.Equal("3 6", await user.List());
        await using var data = await OpenDirectory("/data");
        await using var made = await data.MakeDirectory("d");
        await data.RenameAsync("file", made, "moved").Succeeds();
        await made.RenameAsync("moved", data, "back").Succeeds();
        Assert.Equal("data", _data.ReadText("back"));
        await Root.RenameAsync("home", usr, "home").Succeeds();
        await using var moved = await OpenDirectory("/usr/home/user");
        Assert.Equal("3 6", await moved.List());
    }

    [Fact]
    public async Task WhatHasNoMountBelowItIsHandedOutAsItIs()
    {
        await using var inner = await _inner.OpenRootAsync().Get();
        await using var mounted = await OpenDirectory("/data/inner");
        Assert.IsType(inner.GetType(), mounted);
        await using var data = await OpenDirectory("/data");
        Assert.IsNotType(inner.GetType(), data);
        await using var alone = await new MountFileSystem(_inner).OpenRootAsync().Get();
        Assert.IsType(inner.GetType(), alone);
        await using var file = await inner.OpenFileAsync("file", FileOpening.Read).Get();
        await using var usual = await Root.OpenFileAsync("file", FileOpening.Read).Get();
        Assert.IsType(file.GetType(), usual);
    }

    [Theory]
    [InlineData("data", "does not begin with '/'")]
    [InlineData("", "does not begin with '/'")]
    [InlineData("/", "'/', which is the root: give that file system as the root")]
    [InlineData("//", "'//', which is the root")]
    [InlineData("/a/../b", "has '..', which is no name of a directory (EINVAL)")]
    [InlineData("/.", "has '.', which is no name")]
    [InlineData("/a\0", "no name of a directory (EINVAL)")]
    [InlineData("/data", "Two file systems are to be mounted at '/data': give one, or an OverlayFileSystem of both")]
    [InlineData("//data/", "Two file systems are to be mounted at '//data/'")]
    [InlineData(null, "or its path, is null")]
    public void SomeMountPointsAreRefused(string? path, string message)
    {
        var exception = Assert.Throws<ArgumentException>("mounts", () => new MountFileSystem(_root, ("/data", _data), (path!, _inner)));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FileSystemsAreNotNull()
    {
        Assert.Throws<ArgumentNullException>("root", () => new MountFileSystem(null!));
        Assert.Throws<ArgumentNullException>("mounts", () => new MountFileSystem(_root, null!));
        var exception = Assert.Throws<ArgumentException>("mounts", () => new MountFileSystem(_root, ("/a", null!)));
        Assert.Contains("The file system to mount at '/a'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileSystemThatCannotBeOpenedIsListedAndTellsWhyWhereItIsEntered()
    {
        await using var root = await new MountFileSystem(_root, ("/data", new Broken()), ("/usr/lib", new Broken())).OpenRootAsync().Get();
        Assert.Equal("data/ file home/ usr/", await root.List());
        Assert.Equal(Errno.EIO, await root.OpenDirectoryAsync("data").Error());
        Assert.Equal(Errno.EIO, await root.GetStatusAsync("data").Error());
        await root.SetTimesAsync("data", new FileTimes(0, 0)).Fails(Errno.EIO);
        Assert.Equal(Errno.EIO, (await PathWalk.FollowRootedAsync(root, "/usr/lib/file", followsLast: true)).Error);
        Assert.Equal("root", await ReadText("/usr/bin", root));
        Assert.Equal(Errno.EIO, (await new MountFileSystem(new Broken(), ("/data", _data)).OpenRootAsync()).Error);
    }

    [Fact]
    public async Task WhatIsOpenedIsClosed()
    {
        var (root, data, inner) = (new Counted(_root), new Counted(_data), new Counted(_inner));
        var opened = await new MountFileSystem(root, ("/data", data), ("/data/inner", inner), ("/far/away", inner)).OpenRootAsync().Get();
        Assert.Equal((1, 0, 0), (root.Opened, data.Opened, inner.Opened));
        await opened.List();
        Assert.Equal((1, 1, 0), (root.Opened, data.Opened, inner.Opened));
        await ReadText("/data/inner/file", opened);
        await ReadText("/data/inner/../../far/away/file", opened);
        await opened.GetStatusAsync("far").Get();
        await opened.SetTimesAsync("data", new FileTimes(0, 0)).Succeeds();
        Assert.Equal((1, 0, 0), (root.Open, data.Open, inner.Open));
        await opened.DisposeAsync();
        Assert.Equal((0, 0, 0), (root.Open, data.Open, inner.Open));
        Assert.True(inner.Opened > 2);
    }

    [Fact]
    public async Task NothingBeginsOnAClosedHandle()
    {
        var directory = await Tree.OpenRootAsync().Get();
        for (var i = 0; i < 2; i++)
            await directory.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => directory.OpenDirectoryAsync("data").AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => directory.GetStatusAsync("virtual").AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Root.RenameAsync("file", directory, "b").AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => directory.ReadEntriesAsync().AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Root.OpenDirectoryAsync("data", new CancellationToken(canceled: true)).AsTask());
    }

    /// <summary>Others make and remove what is listed, also the directory in whose place a mount point is, and what is above one.</summary>
    [Fact]
    public async Task ListsAreWholeWhileEntriesComeAndGo()
    {
        using var end = new CancellationTokenSource();
        var changes = Task.Run(async () =>
        {
            await using var root = await _root.OpenRootAsync().Get();
            for (var i = 0; !end.IsCancellationRequested; i++)
            {
                await root.MakeFile($"new{i % 5}");
                await root.CreateDirectoryAsync("virtual").Succeeds();
                await root.RemoveDirectoryAsync("virtual").Succeeds();
                await root.MakeFile("virtual");
                await root.RemoveFileAsync("virtual").Succeeds();
                await root.RemoveFileAsync($"new{i % 5}").Succeeds();
            }
        });
        for (var i = 0; i < 2000; i++)
        {
            var entries = await Root.ReadEntriesAsync().Get();
            Assert.Equal(entries.Length, entries.Select(entry => entry.Name).Distinct().Count());
            Assert.Equal(["data", "home", "usr", "virtual"], entries.Where(entry => entry.Kind == FileKind.Directory).Select(entry => entry.Name).Order());
            Assert.Equal("deep", await ReadText("/virtual/parent/mount/file"));
        }

        await end.CancelAsync();
        await changes;
    }

    private async Task<DirectoryHandle> OpenDirectory(string path)
    {
        var place = (await PathWalk.FollowRootedAsync(Root, path + "/.", followsLast: true)).Value;
        return place.OwnsDirectory ? place.Directory : await Tree.OpenRootAsync().Get();
    }

    private async Task<string> ReadText(string path, DirectoryHandle? root = null)
    {
        await using var place = (await PathWalk.FollowRootedAsync(root ?? Root, path, followsLast: true)).Value;
        return await place.Directory.ReadText(place.Name!);
    }

    private sealed class Broken : FileSystem
    {
        public override ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default) => new(Errno.EIO);
    }

    /// <summary>Counts its roots.</summary>
    private sealed class Counted(FileSystem fileSystem) : FileSystem
    {
        public int Opened { get; private set; }

        public int Open { get; set; }

        public override async ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default)
        {
            Opened++;
            Open++;
            return new Root(this, await fileSystem.OpenRootAsync(cancellationToken).Get());
        }

        private sealed class Root(Counted counted, DirectoryHandle root) : DirectoryHandle
        {
            public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => root.GetStatusAsync(cancellationToken);

            public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default) =>
                root.GetStatusAsync(name, cancellationToken);

            public override ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default) =>
                root.OpenDirectoryAsync(name, cancellationToken);

            public override ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default) =>
                root.OpenFileAsync(name, opening, mode, cancellationToken);

            public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default) => root.ReadEntriesAsync(cancellationToken);

            public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken = default) => root.SetTimesAsync(times, cancellationToken);

            public override async ValueTask DisposeAsync()
            {
                counted.Open--;
                await root.DisposeAsync();
                await base.DisposeAsync();
            }
        }
    }
}
