using static Fermata.Platform.Tests.FileSystems.HandleExtensions;

namespace Fermata.Platform.Tests.FileSystems;

/// <summary>What every file system that cannot be written does.</summary>
public abstract class ReadOnlyFileSystemTests : IAsyncLifetime
{
    private FileSystem FileSystem { get; set; } = null!;

    private DirectoryHandle Root { get; set; } = null!;

    /// <summary>
    /// Makes a file system that has a file "a" with "some text", a directory "d" with a file "b" with 200,000 times "b" and an empty directory "empty", a symbolic link
    /// "link" to "d/b", and a hard link "same" to "a" where there are hard links.
    /// </summary>
    protected abstract Task<FileSystem> Create();

    public async Task InitializeAsync()
    {
        FileSystem = await Create();
        Root = await FileSystem.OpenRootAsync().Get();
    }

    public async Task DisposeAsync() => await Root.DisposeAsync();

    /// <summary>Makes that tree in a file system that can be written.</summary>
    protected static async Task<FileSystem> Fill(FileSystem fileSystem)
    {
        await using var root = await fileSystem.OpenRootAsync().Get();
        await root.MakeFile("a", "some text");
        await root.LinkAsync("a", root, "same").Succeeds();
        await root.CreateSymbolicLinkAsync("link", "d/b").Succeeds();
        await using var directory = await root.MakeDirectory("d");
        await directory.MakeFile("b", new string('b', 200_000));
        await directory.CreateDirectoryAsync("empty").Succeeds();
        return fileSystem;
    }

    [Fact]
    public async Task EverythingIsRead()
    {
        Assert.Equal("a d/ link@ same", await Root.List());
        await using var directory = await Root.OpenDirectoryAsync("d").Get();
        Assert.Equal("b empty/", await directory.List());
        await using var empty = await directory.OpenDirectoryAsync("empty").Get();
        Assert.Equal("", await empty.List());
        Assert.Equal("some text", await Root.ReadText("a"));
        Assert.Equal("some text", await Root.ReadText("same"));
        Assert.Equal("d/b", await Root.ReadSymbolicLinkAsync("link").Get());
        await using var file = (await Root.Open("link")).Value;
        Assert.Equal("bbb", await file.ReadText(offset: 199_997));
        Assert.Equal("", await file.ReadText(offset: 200_000));
        Assert.Equal("", await file.ReadText(offset: long.MaxValue));
        Assert.Equal(Errno.EINVAL, await file.ReadAsync(new byte[1], -1).Error());
        var whole = new byte[300_000];
        Assert.Equal(200_000, await file.ReadAsync(whole, 0).Get());
        Assert.False(whole.AsSpan(0, 200_000).ContainsAnyExcept((byte)'b'));
    }

    [Fact]
    public async Task StatusTellsWhatIsThere()
    {
        Assert.Equal(FileKind.Directory, (await Root.GetStatusAsync().Get()).Kind);
        var (file, same) = (await Root.GetStatusAsync("a").Get(), await Root.GetStatusAsync("same").Get());
        Assert.Equal((FileKind.File, 9L), (file.Kind, file.Length));
        Assert.Equal(file.LinkCount == 2, (file.Device, file.Inode) == (same.Device, same.Inode));
        var link = await Root.GetStatusAsync("link").Get();
        Assert.Equal((FileKind.SymbolicLink, 3L), (link.Kind, link.Length));
        Assert.Equal(FileKind.Directory, (await Root.GetStatusAsync("d").Get()).Kind);
        Assert.NotEqual(0, file.ModificationTime);
        foreach (var entry in await Root.ReadEntriesAsync().Get())
            Assert.Equal(entry.Inode, (await Root.GetStatusAsync(entry.Name).Get()).Inode);
    }

    [Fact]
    public async Task WhatIsNotThereIsTold()
    {
        Assert.Equal(Errno.ENOENT, await Root.GetStatusAsync("x").Error());
        Assert.Equal(Errno.ENOENT, await Root.OpenFileAsync("x", FileOpening.Read).Error());
        Assert.Equal(Errno.ENOENT, await Root.OpenFileAsync("x", FileOpening.Write).Error());
        Assert.Equal(Errno.ENOENT, await Root.OpenDirectoryAsync("x").Error());
        Assert.Equal(Errno.ENOTDIR, await Root.OpenDirectoryAsync("a").Error());
        Assert.Contains(await Root.OpenDirectoryAsync("link").Error(), new[] { Errno.ENOTDIR, Errno.ELOOP });
        Assert.Equal(Errno.EISDIR, await Root.OpenFileAsync("d", FileOpening.Read).Error());
        Assert.Equal(Errno.EISDIR, await Root.OpenFileAsync("d", ReadWrite).Error());
        Assert.Equal(Errno.ELOOP, await Root.OpenFileAsync("link", FileOpening.Read).Error());
        Assert.Equal(Errno.EINVAL, await Root.ReadSymbolicLinkAsync("a").Error());
        Assert.Equal(Errno.ENOENT, await Root.ReadSymbolicLinkAsync("x").Error());
        Assert.Equal(Errno.EINVAL, await Root.GetStatusAsync("..").Error());
        Assert.Equal(Errno.EINVAL, await Root.OpenFileAsync("d/b", FileOpening.Read).Error());
        Assert.Equal(Errno.EINVAL, await Root.OpenDirectoryAsync(".").Error());
    }

    [Fact]
    public async Task NothingIsWritten()
    {
        await using var other = await new MemoryFileSystem().OpenRootAsync().Get();
        await using var directory = await Root.OpenDirectoryAsync("d").Get();
        Assert.Equal(Errno.EROFS, await Root.OpenFileAsync("a", FileOpening.Write).Error());
        Assert.Equal(Errno.EROFS, await Root.OpenFileAsync("a", ReadWrite | FileOpening.Create | FileOpening.Truncate).Error());
        Assert.Equal(Errno.EROFS, await Root.OpenFileAsync("x", FileOpening.Read | FileOpening.Create).Error());
        Assert.Equal(Errno.EROFS, await Root.OpenFileAsync("x", New).Error());
        await Root.CreateDirectoryAsync("x").Fails(Errno.EROFS);
        await Root.CreateSymbolicLinkAsync("x", "y").Fails(Errno.EROFS);
        await Root.LinkAsync("a", Root, "x").Fails(Errno.EROFS);
        await Root.RenameAsync("a", Root, "x").Fails(Errno.EROFS);
        await Root.RenameAsync("a", directory, "x").Fails(Errno.EROFS);
        await Root.RemoveFileAsync("a").Fails(Errno.EROFS);
        await directory.RemoveDirectoryAsync("empty").Fails(Errno.EROFS);
        await Root.SetTimesAsync("a", new FileTimes(0, 0)).Fails(Errno.EROFS);
        await Root.SetTimesAsync(new FileTimes(0, 0)).Fails(Errno.EROFS);
        await Root.SetModeAsync("a", default).Fails(Errno.EROFS);
        await Root.SetModeAsync(default).Fails(Errno.EROFS);
        await other.MakeFile("file");
        await other.LinkAsync("file", Root, "x").Fails(Errno.EXDEV);
        await other.RenameAsync("file", Root, "x").Fails(Errno.EXDEV);
        await using var file = await Root.OpenFileAsync("a", FileOpening.Read).Get();
        Assert.Equal(Errno.EROFS, await file.WriteAsync(new byte[1], 0).Error());
        Assert.Equal(Errno.EROFS, await file.AppendAsync(new byte[1]).Error());
        await file.SetLengthAsync(0).Fails(Errno.EROFS);
        await file.AllocateAsync(0, 1).Fails(Errno.EROFS);
        await file.SetTimesAsync(new FileTimes(0, 0)).Fails(Errno.EROFS);
        await file.SetModeAsync(default).Fails(Errno.EROFS);
        await file.SyncAsync(dataOnly: false).Succeeds();
        await Root.SyncAsync().Succeeds();
        Assert.Equal(("a d/ link@ same", "some text"), (await Root.List(), await file.ReadText()));
    }

    [Fact]
    public async Task WhatIsThereIsToldToWhoeverMakesIt()
    {
        foreach (var name in new[] { "a", "d", "link" })
        {
            await Root.CreateDirectoryAsync(name).Fails(Errno.EEXIST);
            await Root.CreateSymbolicLinkAsync(name, "x").Fails(Errno.EEXIST);
            Assert.Equal(Errno.EEXIST, await Root.OpenFileAsync(name, New).Error());
        }

        Assert.Equal(Errno.None, await Root.OpenFileAsync("a", FileOpening.Read | FileOpening.Create).Error());
    }

    [Fact]
    public async Task ManyReadAtOnce() => await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
    {
        for (var i = 0; i < 50; i++)
        {
            await using var file = (await Root.Open("link")).Value;
            Assert.Equal("bbbb", await file.ReadText(offset: 199_996));
            Assert.Equal("some text", await Root.ReadText("a"));
        }
    })));

    [Fact]
    public async Task AFileIsReadOnlyIfItIsOpenedForThat()
    {
        await using var file = await Root.OpenFileAsync("a", FileOpening.None).Get();
        Assert.Equal(Errno.EBADF, await file.ReadAsync(new byte[1], 0).Error());
        Assert.Equal(9, (await file.GetStatusAsync().Get()).Length);
    }

    [Fact]
    public async Task NothingBeginsOnAClosedHandle()
    {
        var file = await Root.OpenFileAsync("a", FileOpening.Read).Get();
        var directory = await Root.OpenDirectoryAsync("d").Get();
        for (var i = 0; i < 2; i++)
        {
            await file.DisposeAsync();
            await directory.DisposeAsync();
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => file.ReadAsync(new byte[1], 0).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => file.GetStatusAsync().AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => directory.GetStatusAsync().AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => directory.ReadEntriesAsync().AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => directory.OpenFileAsync("b", FileOpening.Read).AsTask());
    }
}
