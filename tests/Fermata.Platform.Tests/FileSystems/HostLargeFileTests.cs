using static Fermata.Platform.Tests.FileSystems.HandleExtensions;

namespace Fermata.Platform.Tests.FileSystems;

/// <summary>What a program drops of a large file of the host, the system takes back while nobody waits.</summary>
public sealed class HostLargeFileTests : IDisposable
{
    private const long Large = 2 * LongCall.ManyBytes;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _cancellation = new();

    public void Dispose()
    {
        _cancellation.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_is_removed()
    {
        await using var root = await OpenWithLargeFileAsync();
        Assert.Equal(Errno.None, await root.RemoveFileAsync("large", _cancellation.Token));
        Assert.False(File.Exists(_folder["large"]));
        NothingIsKept();
    }

    [Fact]
    public async Task It_is_replaced()
    {
        await using var root = await OpenWithLargeFileAsync();
        await root.MakeFile("small", "text");
        Assert.Equal(Errno.None, await root.RenameAsync("small", root, "large", _cancellation.Token));
        Assert.Equal("text", await File.ReadAllTextAsync(_folder["large"]));
        NothingIsKept();
    }

    [Fact]
    public async Task It_is_closed_when_it_has_been_removed()
    {
        await using var root = await OpenWithLargeFileAsync();
        var file = await root.OpenFileAsync("large", ReadWrite).Get();
        Assert.Equal(Errno.None, await root.RemoveFileAsync("large"));
        Assert.Equal(Large, (await file.GetStatusAsync()).Value.Length);
        await file.DisposeAsync();
        await file.DisposeAsync();
        NothingIsKept();
    }

    [Fact]
    public async Task It_is_made_shorter()
    {
        await using var root = await OpenWithLargeFileAsync();
        await using var file = await root.OpenFileAsync("large", ReadWrite).Get();
        Assert.Equal(Errno.None, await file.AllocateAsync(0, Large, _cancellation.Token));
        Assert.Equal(Errno.None, await file.SyncAsync(dataOnly: false, _cancellation.Token));
        Assert.Equal(Errno.None, await file.SetLengthAsync(3, _cancellation.Token));
        Assert.Equal(3, new FileInfo(_folder["large"]).Length);
        Assert.Equal(Errno.None, await root.SyncAsync(_cancellation.Token));
    }

    [Fact]
    public async Task It_is_truncated_when_it_is_opened()
    {
        await using var root = await OpenWithLargeFileAsync();
        await using var file = await root.OpenFileAsync("large", FileOpening.Write | FileOpening.Truncate, cancellationToken: _cancellation.Token).Get();
        Assert.Equal(0, new FileInfo(_folder["large"]).Length);
    }

    private async Task<DirectoryHandle> OpenWithLargeFileAsync()
    {
        using (var file = File.Create(_folder["large"]))
            file.SetLength(Large);
        return (await new HostFileSystem(_folder.Path).OpenRootAsync()).Value;
    }

    private void NothingIsKept() => Assert.True(SpinWait.SpinUntil(
        () => !Directory.EnumerateFiles("/proc/self/fd").Any(link => new FileInfo(link).LinkTarget?.StartsWith(_folder["large"], StringComparison.Ordinal) == true),
        Patience));
}
