namespace Fermata.Platform.Tests.FileSystems;

/// <summary>Walks of programs that see a whole tree.</summary>
public sealed partial class PathWalkTests
{
    [Theory]
    [InlineData("/", "/", null)]
    [InlineData("///", "/", null)]
    [InlineData("/x", "/", "x")]
    [InlineData("x", "/", "x")]
    [InlineData("//a//b/x", "/a/b", "x")]
    [InlineData("/a/b/c/", "/a/b", "c")]
    [InlineData("/..", "/", null)]
    [InlineData("/../", "/", null)]
    [InlineData("..", "/", null)]
    [InlineData("/../../a/../../a/b/x", "/a/b", "x")]
    [InlineData("/a/b/../../..", "/", null)]
    [InlineData("/a/b/.", "/a/b", null)]
    public async Task RootedPathsLeadToPlaces(string path, string directory, string? name)
    {
        await using var place = (await PathWalk.FollowRootedAsync(Root, path, followsLast: true)).Value;
        Assert.Equal((await Inode(directory), name), ((await place.Directory.GetStatusAsync().Get()).Inode, place.Name));
        Assert.Equal((directory == "/", directory == "/" ? 1 : 2), (place.Directory == Root, _handles.Open));
        Assert.Equal(path.EndsWith('/'), place.IsDirectoryExpected);
    }

    [Theory]
    [InlineData("", Errno.ENOENT)]
    [InlineData("/x/..", Errno.ENOENT)]
    [InlineData("/a/b/file/..", Errno.ENOTDIR)]
    [InlineData("/a/\0", Errno.EINVAL)]
    public async Task OthersDoNotWithARootEither(string path, Errno error) => Assert.Equal(error, await FollowRooted(path));

    [Theory]
    [InlineData("/", "/a/b/l", "/")]
    [InlineData("/", "/a/b/l/a/b/l/a", "/a")]
    [InlineData("/a", "/a/b/l/b/c", "/a/b/c")]
    [InlineData("//a/../a/b", "/a/b/l/c", "/a/b/c")]
    [InlineData("/a/b/file", "/a/b/l", "/a/b/file")]
    [InlineData("/nowhere", "/a/b/l", "/nowhere")]
    [InlineData("../../../../a", "/a/b/l/b", "/a/b")]
    [InlineData("/..", "/a/b/l/x", "/x")]
    [InlineData("/a/b/c/", "/a/b/l", "/a/b/c")]
    [InlineData("c", "/a/b/l/../x", "/a/b/x")]
    public async Task SymbolicLinksOfATreeLeadToItsRoot(string target, string path, string canonical)
    {
        _files.AddSymbolicLink("a/b/l", target);
        await using var place = (await PathWalk.FollowRootedAsync(Root, path, followsLast: true)).Value;
        Assert.Equal((canonical, target.EndsWith('/') && path.EndsWith('l')), (place.Path, place.IsDirectoryExpected));
        var names = canonical.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(place.Name is null ? null : names[^1], place.Name);
        var directory = place.Name is null ? canonical : "/" + string.Join('/', names[..^1]);
        Assert.Equal(await Inode(directory), (await place.Directory.GetStatusAsync().Get()).Inode);
    }

    [Theory]
    [InlineData(".", "/")]
    [InlineData("a/..", "/")]
    [InlineData("x", "/x")]
    [InlineData("a/b/", "/a/b")]
    [InlineData("a/./b/../b//c/.", "/a/b/c")]
    [InlineData("a/b/c/../../b/x", "/a/b/x")]
    [InlineData("l/c", "/a/b/c")]
    [InlineData("l/../x", "/a/x")]
    [InlineData("l", "/l")]
    [InlineData("l/", "/a/b")]
    public async Task BothTellTheCanonicalPath(string path, string canonical)
    {
        _files.AddSymbolicLink("l", "a/b");
        await using var place = (await PathWalk.FollowAsync(Root, path, followsLast: false)).Value;
        await using var rooted = (await PathWalk.FollowRootedAsync(Root, '/' + path, followsLast: false)).Value;
        Assert.Equal((canonical, canonical), (place.Path, rooted.Path));
    }

    [Fact]
    public async Task AnAbsoluteLinkIsCountedAndClosesWhatWasOpened()
    {
        _files.AddSymbolicLink("a/b/c/self", "/a/b/c/self");
        _files.AddSymbolicLink("a/b/c/ping", "/a/b/c/pong/x");
        _files.AddSymbolicLink("a/b/c/pong", "/a/b/c/ping/x");
        _files.AddSymbolicLink("a/b/c/up", "/");
        Assert.Equal(Errno.ELOOP, await FollowRooted("/a/b/c/self"));
        Assert.Equal(Errno.ELOOP, await FollowRooted("/a/b/c/ping/x"));
        Assert.Equal(Errno.None, await FollowRooted(string.Concat(Enumerable.Repeat("/a/b/c/up", 40))));
        Assert.Equal(Errno.ELOOP, await FollowRooted(string.Concat(Enumerable.Repeat("/a/b/c/up", 41))));
        Assert.Equal((1, true), (_handles.Open, _handles.Most <= 6));
    }

    [Fact]
    public async Task ALinkOfADirectoryOutOfWhichNothingLeadsIsOneOfATree()
    {
        _files.AddSymbolicLink("l", "/a");
        Assert.Equal((Errno.ENOTCAPABLE, Errno.None), (await Follow("l/b"), await FollowRooted("/l/b")));
        await Assert.ThrowsAsync<ArgumentNullException>(() => PathWalk.FollowRootedAsync(null!, "/a", followsLast: true).AsTask());
        await Assert.ThrowsAsync<ArgumentNullException>(() => PathWalk.FollowRootedAsync(Root, null!, followsLast: true).AsTask());
    }

    private async Task<Errno> FollowRooted(string path)
    {
        var result = await PathWalk.FollowRootedAsync(Root, path, followsLast: true);
        if (result.TryGet(out var place))
            await place.DisposeAsync();
        return result.Error;
    }
}
