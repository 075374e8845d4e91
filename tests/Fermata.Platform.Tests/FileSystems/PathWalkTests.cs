namespace Fermata.Platform.Tests.FileSystems;

public sealed partial class PathWalkTests : IAsyncLifetime
{
    private readonly MemoryFileSystem _files = new();
    private readonly HandleCount _handles = new();

    private DirectoryHandle Root { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _files.AddText("a/b/file", "text");
        _files.AddDirectory("a/b/c");
        Root = new CountedDirectory(await _files.OpenRootAsync().Get(), _handles);
    }

    public async Task DisposeAsync()
    {
        await Root.DisposeAsync();
        Assert.Equal(0, _handles.Open);
    }

    [Theory]
    [InlineData("x", "/", "x")]
    [InlineData("a/b/file", "/a/b", "file")]
    [InlineData("a/b/x", "/a/b", "x")]
    [InlineData("a//b///x", "/a/b", "x")]
    [InlineData("./a/./b/./x", "/a/b", "x")]
    [InlineData("a/b/../x", "/a", "x")]
    [InlineData("a/b/../../x", "/", "x")]
    [InlineData("a/b/c/../../b/c/x", "/a/b/c", "x")]
    [InlineData(".", "/", null)]
    [InlineData("a/..", "/", null)]
    [InlineData("a/b/.", "/a/b", null)]
    [InlineData("a/b/./", "/a/b", null)]
    [InlineData("...", "/", "...")]
    [InlineData("a\\..\\..\\x", "/", "a\\..\\..\\x")]
    public async Task PathsLeadToPlaces(string path, string directory, string? name)
    {
        await using var place = (await PathWalk.FollowAsync(Root, path, followsLast: false)).Value;
        Assert.Equal((await Inode(directory), name), ((await place.Directory.GetStatusAsync().Get()).Inode, place.Name));
        Assert.Equal(directory == "/" ? 1 : 2, _handles.Open);
        Assert.Equal(path.EndsWith('/'), place.IsDirectoryExpected);
    }

    [Theory]
    [InlineData("", Errno.ENOENT)]
    [InlineData("/", Errno.ENOTCAPABLE)]
    [InlineData("/a", Errno.ENOTCAPABLE)]
    [InlineData("//a", Errno.ENOTCAPABLE)]
    [InlineData("..", Errno.ENOTCAPABLE)]
    [InlineData("../a", Errno.ENOTCAPABLE)]
    [InlineData("a/../..", Errno.ENOTCAPABLE)]
    [InlineData("a/../../a", Errno.ENOTCAPABLE)]
    [InlineData("a/b/../../../a/b", Errno.ENOTCAPABLE)]
    [InlineData("./..", Errno.ENOTCAPABLE)]
    [InlineData("a/\0/x", Errno.EINVAL)]
    [InlineData("x/", Errno.None)]
    [InlineData("x/y", Errno.ENOENT)]
    [InlineData("x/..", Errno.ENOENT)]
    [InlineData("x/.", Errno.ENOENT)]
    [InlineData("a/b/file/x", Errno.ENOTDIR)]
    [InlineData("a/b/file/..", Errno.ENOTDIR)]
    [InlineData("a/b/file/.", Errno.ENOTDIR)]
    public async Task OthersDoNot(string path, Errno error) => Assert.Equal(error, await Follow(path));

    [Theory]
    [InlineData("a/b", "l/x", "/a/b", "x")]
    [InlineData("a/b", "l/../x", "/a", "x")]
    [InlineData("a/../a/b/", "l/x", "/a/b", "x")]
    [InlineData(".", "l/l/l/x", "/", "x")]
    [InlineData("a/b/file", "l", "/a/b", "file")]
    [InlineData("a/x", "l", "/a", "x")]
    [InlineData("a/b", "l/", "/a", "b")]
    [InlineData(".", "l", "/", null)]
    [InlineData("a/..", "l", "/", null)]
    public async Task SymbolicLinksAreFollowed(string target, string path, string directory, string? name)
    {
        _files.AddSymbolicLink("l", target);
        await using var place = (await PathWalk.FollowAsync(Root, path, followsLast: true)).Value;
        Assert.Equal((await Inode(directory), name), ((await place.Directory.GetStatusAsync().Get()).Inode, place.Name));
    }

    [Fact]
    public async Task TheLastSymbolicLinkIsFollowedOnlyWhereThatIsAskedForOrASlashFollows()
    {
        _files.AddSymbolicLink("l", "a/b");
        Assert.Equal("l", await LastName("l", followsLast: false));
        Assert.Equal("b", await LastName("l/", followsLast: false));
        Assert.Equal("b", await LastName("l", followsLast: true));
    }

    [Fact]
    public async Task ASlashBehindATargetExpectsADirectory()
    {
        _files.AddSymbolicLink("l", "a/b/file/");
        await using var place = (await PathWalk.FollowAsync(Root, "l", followsLast: true)).Value;
        Assert.Equal(("file", true), (place.Name, place.IsDirectoryExpected));
        await using var inner = (await PathWalk.FollowAsync(Root, "a/b/file", followsLast: true)).Value;
        Assert.False(inner.IsDirectoryExpected);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/../..")]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("../root/a")]
    [InlineData("a/b/c/../../../..")]
    public async Task NoSymbolicLinkLeadsOut(string target)
    {
        _files.AddSymbolicLink("l", target);
        _files.AddSymbolicLink("a/chain", "../l");
        foreach (var path in new[] { "l", "l/", "l/x", "a/../l/a", "a/chain", "a/chain/x" })
            Assert.Equal(Errno.ENOTCAPABLE, await Follow(path));
    }

    [Fact]
    public async Task ASymbolicLinkLeadsOutOfItsDirectoryButNotOfTheRootOfThePath()
    {
        _files.AddSymbolicLink("a/b/l", "../../a/b/file");
        Assert.Equal("file", await LastName("a/b/l", followsLast: true));
        await using var b = (await PathWalk.FollowAsync(Root, "a/b/.", followsLast: true)).Value;
        Assert.Equal(Errno.ENOTCAPABLE, (await PathWalk.FollowAsync(b.Directory, "l", followsLast: true)).Error);
    }

    [Fact]
    public async Task FortySymbolicLinksAreFollowedAndNoMore()
    {
        _files.AddText("l0", "text");
        for (var i = 1; i <= 41; i++)
            _files.AddSymbolicLink($"l{i}", $"l{i - 1}");
        _files.AddSymbolicLink("self", "self");
        _files.AddSymbolicLink("ping", "pong/x");
        _files.AddSymbolicLink("pong", "ping/x");
        _files.AddSymbolicLink("wide", "./wide/wide/wide");
        Assert.Equal("l0", await LastName("l40", followsLast: true));
        foreach (var path in new[] { "l41", "self", "self/x", "ping", "wide/x" })
            Assert.Equal(Errno.ELOOP, await Follow(path));
        Assert.Equal("self", await LastName("self", followsLast: false));
    }

    [Fact]
    public async Task PathsAreLimited()
    {
        Assert.Equal(Errno.None, await Follow("a/../" + string.Concat(Enumerable.Repeat("./", 2045))));
        Assert.Equal(Errno.ENAMETOOLONG, await Follow(new string('a', 4096)));
        Assert.Equal(Errno.ENAMETOOLONG, await Follow("a" + new string('/', 4095)));
        var deep = Root;
        for (var i = 0; i < 257; i++)
            deep = await deep.MakeDirectory("d");
        Assert.Equal(Errno.None, await Follow(string.Concat(Enumerable.Repeat("d/", 256)) + "x"));
        Assert.Equal(Errno.ENAMETOOLONG, await Follow(string.Concat(Enumerable.Repeat("d/", 257)) + "x"));
        Assert.True(_handles.Most <= 258 + 257, $"{_handles.Most}");
        _handles.Forget(257);
    }

    [Fact]
    public async Task WhatAHandleThrowsClosesTheOthers()
    {
        var before = _handles.Open;
        foreach (var path in new[] { "a/b/c/throw/x", "a/b/throw", "a/b/c/throw/" })
            await Assert.ThrowsAsync<IOException>(() => PathWalk.FollowAsync(Root, path, followsLast: true).AsTask());
        Assert.Equal(before, _handles.Open);
    }

    [Fact]
    public async Task CancellingClosesTheOthers()
    {
        using var source = new CancellationTokenSource();
        _handles.Opened = count =>
        {
            if (count == 3)
                source.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PathWalk.FollowAsync(Root, "a/b/c/x", followsLast: true, source.Token).AsTask());
        Assert.Equal(1, _handles.Open);
    }

    [Fact]
    public async Task ADirectoryThatIsMovedAwayMeanwhileLeadsNowhereElse()
    {
        _files.AddDirectory("elsewhere/inner");
        _handles.Opened = count =>
        {
            // The walk is in a/b by now; its parent becomes another, but ".." goes back where it came from.
            if (count == 3)
                Assert.Equal(Errno.None, Move().AsTask().GetAwaiter().GetResult());
        };
        var inode = await Inode("/a");
        await using var place = (await PathWalk.FollowAsync(Root, "a/b/../x", followsLast: true)).Value;
        Assert.Equal(inode, (await place.Directory.GetStatusAsync().Get()).Inode);
        Assert.True(_files.Exists("elsewhere/inner/moved/file"));

        async ValueTask<Errno> Move()
        {
            await using var root = await _files.OpenRootAsync().Get();
            await using var from = (await PathWalk.FollowAsync(root, "a/x", followsLast: true)).Value;
            await using var to = (await PathWalk.FollowAsync(root, "elsewhere/inner/x", followsLast: true)).Value;
            return await from.Directory.RenameAsync("b", to.Directory, "moved");
        }
    }

    [Fact]
    public async Task WhatKeepsALinkFromBeingReadIsTold()
    {
        await using var memory = await new MemoryFileSystem().OpenRootAsync().Get();
        Assert.Equal(Errno.EIO, (await PathWalk.FollowAsync(new UnreadableLinks(memory), "l/x", followsLast: true)).Error);
        await Assert.ThrowsAsync<ArgumentNullException>(() => PathWalk.FollowAsync(null!, "a", followsLast: true).AsTask());
        await Assert.ThrowsAsync<ArgumentNullException>(() => PathWalk.FollowAsync(Root, null!, followsLast: true).AsTask());
    }

    private async Task<ulong> Inode(string path)
    {
        await using var root = await _files.OpenRootAsync().Get();
        await using var place = (await PathWalk.FollowAsync(root, $".{path}/.", followsLast: true)).Value;
        return (await place.Directory.GetStatusAsync().Get()).Inode;
    }

    private async Task<Errno> Follow(string path)
    {
        var result = await PathWalk.FollowAsync(Root, path, followsLast: true);
        if (result.TryGet(out var place))
            await place.DisposeAsync();
        return result.Error;
    }

    private async Task<string?> LastName(string path, bool followsLast)
    {
        await using var place = (await PathWalk.FollowAsync(Root, path, followsLast)).Value;
        return place.Name;
    }

    /// <summary>How many directories are open.</summary>
    private sealed class HandleCount
    {
        public int Open { get; private set; }

        public int Most { get; private set; }

        public Action<int>? Opened { get; set; }

        public void Add()
        {
            Most = Math.Max(Most, ++Open);
            Opened?.Invoke(Open);
        }

        public void Remove() => Open--;

        public void Forget(int count) => Open -= count;
    }

    /// <summary>A directory that counts, and that throws where something is named so.</summary>
    private sealed class CountedDirectory : DirectoryHandle
    {
        private readonly DirectoryHandle _inner;
        private readonly HandleCount _count;
        private bool _isClosed;

        public CountedDirectory(DirectoryHandle inner, HandleCount count)
        {
            (_inner, _count) = (inner, count);
            count.Add();
        }

        public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => _inner.GetStatusAsync(cancellationToken);

        public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default) =>
            _inner.GetStatusAsync(name, cancellationToken);

        public override async ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default)
        {
            if (name == "throw")
                throw new IOException("The disk burns.");
            var opened = await _inner.OpenDirectoryAsync(name, CancellationToken.None);
            return opened.TryGet(out var directory, out var error) ? new CountedDirectory(directory, _count) : error;
        }

        public override ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default) =>
            _inner.OpenFileAsync(name, opening, mode, cancellationToken);

        public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default) => _inner.ReadEntriesAsync(cancellationToken);

        public override ValueTask<Result<string>> ReadSymbolicLinkAsync(string name, CancellationToken cancellationToken = default) =>
            name == "throw" ? throw new IOException("The disk burns.") : _inner.ReadSymbolicLinkAsync(name, cancellationToken);

        public override ValueTask<Errno> CreateDirectoryAsync(string name, UnixFileMode? mode = null, CancellationToken cancellationToken = default) => _inner.CreateDirectoryAsync(name, mode, cancellationToken);

        public override async ValueTask DisposeAsync()
        {
            Assert.False(_isClosed);
            _isClosed = true;
            _count.Remove();
            await _inner.DisposeAsync();
            await base.DisposeAsync();
        }
    }

    /// <summary>A directory in which everything is a symbolic link that cannot be read.</summary>
    private sealed class UnreadableLinks(DirectoryHandle inner) : DirectoryHandle
    {
        public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => inner.GetStatusAsync(cancellationToken);

        public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default) => new(Errno.EIO);

        public override ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default) => new(Errno.ENOTDIR);

        public override ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default) => new(Errno.ELOOP);

        public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default) => new(Errno.EIO);

        public override ValueTask<Result<string>> ReadSymbolicLinkAsync(string name, CancellationToken cancellationToken = default) => new(Errno.EIO);
    }
}
