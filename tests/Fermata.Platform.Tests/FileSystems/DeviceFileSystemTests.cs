using System.IO.Pipelines;
using System.Text;
using static Fermata.Platform.Tests.FileSystems.HandleExtensions;

namespace Fermata.Platform.Tests.FileSystems;

public sealed class DeviceFileSystemTests : IAsyncLifetime, IDisposable
{
    private readonly Pipe _input = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    /// <summary>What is done when random bytes are asked for, beside making them all 7.</summary>
    private Action<int>? _randomAsked;

    private DirectoryHandle Devices { get; set; } = null!;

    public async Task InitializeAsync() =>
        Devices = await new DeviceFileSystem(FillRandom, new Terminal(_input.Reader), OutputStream.To(_output), OutputStream.To(_error)).OpenRootAsync().Get();

    public async Task DisposeAsync() => await Devices.DisposeAsync();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("null", 1, 3)]
    [InlineData("zero", 1, 5)]
    [InlineData("full", 1, 7)]
    [InlineData("random", 1, 8)]
    [InlineData("urandom", 1, 9)]
    [InlineData("tty", 5, 0)]
    [InlineData("stdin", 5, 0)]
    [InlineData("stdout", 5, 0)]
    [InlineData("stderr", 5, 0)]
    public async Task DevicesHaveTheNumbersOfLinux(string name, int major, int minor)
    {
        var status = await Devices.GetStatusAsync(name).Get();
        Assert.Equal((FileKind.CharacterDevice, (ulong)((major << 8) + minor)), (status.Kind, status.RepresentedDevice));
        await using var file = await Devices.OpenFileAsync(name, FileOpening.None).Get();
        Assert.Equal(status, await file.GetStatusAsync().Get());
        Assert.Equal(Errno.EBADF, await file.ReadAsync(new byte[1], 0).Error());
        Assert.Equal(Errno.EBADF, await file.WriteAsync(new byte[1], 0).Error());
        await file.SetLengthAsync(0).Fails(Errno.EINVAL);
        await file.AllocateAsync(0, 1).Fails(Errno.ENODEV);
        await file.SyncAsync(dataOnly: false).Succeeds();
        Assert.Equal(Errno.ENOTDIR, await Devices.OpenDirectoryAsync(name).Error());
        Assert.Equal(Errno.EINVAL, await Devices.ReadSymbolicLinkAsync(name).Error());
    }

    [Fact]
    public async Task TheyAreListed()
    {
        var entries = await Devices.ReadEntriesAsync().Get();
        Assert.Equal("full null random stderr stdin stdout tty urandom zero", string.Join(' ', entries.Select(entry => entry.Name).Order(StringComparer.Ordinal)));
        foreach (var entry in entries)
            Assert.Equal((FileKind.CharacterDevice, entry.Inode), (entry.Kind, (await Devices.GetStatusAsync(entry.Name).Get()).Inode));
        Assert.Equal(entries.Length, entries.Select(entry => entry.Inode).Append((await Devices.GetStatusAsync().Get()).Inode).Distinct().Count() - 1);
    }

    [Fact]
    public async Task NothingElseIsThereOrCanBe()
    {
        Assert.Equal(FileKind.Directory, (await Devices.GetStatusAsync().Get()).Kind);
        foreach (var (name, error) in new[] { ("fd", Errno.ENOENT), ("..", Errno.EINVAL), ("a/b", Errno.EINVAL) })
        {
            Assert.Equal(error, await Devices.GetStatusAsync(name).Error());
            Assert.Equal(error, await Devices.OpenDirectoryAsync(name).Error());
            Assert.Equal(error, await Devices.OpenFileAsync(name, FileOpening.Read).Error());
            Assert.Equal(error, await Devices.ReadSymbolicLinkAsync(name).Error());
        }

        Assert.Equal(Errno.EROFS, await Devices.OpenFileAsync("new", New).Error());
        await Devices.CreateDirectoryAsync("new").Fails(Errno.EROFS);
        await Devices.CreateDirectoryAsync("null").Fails(Errno.EEXIST);
        await Devices.RemoveFileAsync("null").Fails(Errno.EROFS);
        await Devices.RenameAsync("null", Devices, "new").Fails(Errno.EROFS);
    }

    [Theory]
    [InlineData("null", FileOpening.Write | FileOpening.Create | FileOpening.Truncate, Errno.None)]
    [InlineData("null", ReadWrite, Errno.None)]
    [InlineData("null", New, Errno.EEXIST)]
    [InlineData("null", FileOpening.Read | FileOpening.Truncate, Errno.EINVAL)]
    [InlineData("tty", ReadWrite, Errno.None)]
    [InlineData("stdin", FileOpening.Read, Errno.None)]
    [InlineData("stdin", ReadWrite, Errno.EACCES)]
    [InlineData("stdout", FileOpening.Read, Errno.EACCES)]
    [InlineData("stdout", FileOpening.Write | FileOpening.Create | FileOpening.Truncate, Errno.None)]
    [InlineData("stderr", ReadWrite, Errno.EACCES)]
    public async Task TheyAreOpenedForWhatTheyCanDo(string name, FileOpening opening, Errno error) =>
        Assert.Equal(error, await Devices.OpenFileAsync(name, opening).Error());

    [Theory]
    [InlineData("null", "", Errno.None)]
    [InlineData("zero", "0 0 0", Errno.None)]
    [InlineData("full", "0 0 0", Errno.ENOSPC)]
    [InlineData("random", "7 7 7", Errno.None)]
    [InlineData("urandom", "7 7 7", Errno.None)]
    public async Task DevicesOfMemoryAreReadAndWritten(string name, string read, Errno written)
    {
        await using var file = await Devices.OpenFileAsync(name, ReadWrite).Get();
        var buffer = new byte[] { 1, 2, 3 };
        var count = await file.ReadAsync(buffer, offset: long.MaxValue).Get();
        Assert.Equal(read, string.Join(' ', buffer.Take(count)));
        foreach (var result in new[] { await file.WriteAsync(buffer, 5), await file.AppendAsync(buffer) })
            Assert.Equal((written, written == Errno.None ? 3 : 0), (result.Error, result.TryGet(out var all) ? all : 0));
        Assert.Equal((0, 0), (await file.ReadAsync(default, 0).Get(), await file.WriteAsync(default, 0).Get()));
    }

    [Fact]
    public async Task StreamsAreReadAndWrittenByTheirNames()
    {
        await _input.Writer.WriteAsync("abcd"u8.ToArray());
        await using var input = await Devices.OpenFileAsync("stdin", FileOpening.Read).Get();
        await using var terminal = await Devices.OpenFileAsync("tty", ReadWrite).Get();
        await using var output = await Devices.OpenFileAsync("stdout", FileOpening.Write).Get();
        await using var error = await Devices.OpenFileAsync("stderr", FileOpening.Write).Get();
        var buffer = new byte[2];
        Assert.Equal((2, "ab"), (await input.ReadAsync(buffer, 0).Get(), Encoding.ASCII.GetString(buffer)));
        Assert.Equal((2, "cd"), (await terminal.ReadAsync(buffer, 0).Get(), Encoding.ASCII.GetString(buffer)));
        Assert.Equal(6, await output.WriteText("output"));
        Assert.Equal(9, await terminal.WriteText(" terminal"));
        Assert.Equal(5, await error.WriteText("error"));
        await output.SyncAsync(dataOnly: true).Succeeds();
        Assert.Equal(("output terminal", "error"), (_output.ToString(), _error.ToString()));
    }

    [Fact]
    public async Task AReadWaitsForInputAndItsEnd()
    {
        await using var input = await Devices.OpenFileAsync("stdin", FileOpening.Read).Get();
        var buffer = new byte[8];
        using var source = new CancellationTokenSource();
        var cancelled = input.ReadAsync(buffer, 0, source.Token).AsTask();
        Assert.False(cancelled.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        var waiting = input.ReadAsync(buffer, 0).AsTask();
        Assert.False(waiting.IsCompleted);
        await _input.Writer.WriteAsync("a"u8.ToArray());
        Assert.Equal(1, (await waiting).Value);
        await _input.Writer.CompleteAsync();
        Assert.Equal(0, await input.ReadAsync(buffer, 0).Get());
    }

    [Fact]
    public async Task MuchIsReadInPiecesBetweenWhichACancelledCallEnds()
    {
        var sizes = new List<int>();
        using var source = new CancellationTokenSource();
        _randomAsked = size =>
        {
            sizes.Add(size);
            if (sizes.Count == 3)
                source.Cancel();
        };
        await using var random = await Devices.OpenFileAsync("urandom", FileOpening.Read).Get();
        var buffer = new byte[(1 << 20) + 1];
        Assert.Equal(100, await random.ReadAsync(buffer.AsMemory(0, 100), 0).Get());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => random.ReadAsync(buffer, 0, source.Token).AsTask());
        Assert.Equal([100, 65536, 65536], sizes);
        Assert.Equal(buffer.Length, await random.ReadAsync(buffer, 0).Get());
        Assert.False(buffer.AsSpan().ContainsAnyExcept((byte)7));
    }

    [Fact]
    public async Task NothingBeginsOnAClosedHandle()
    {
        var file = await Devices.OpenFileAsync("null", ReadWrite).Get();
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => file.ReadAsync(new byte[1], 0, cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Devices.OpenFileAsync("null", FileOpening.Read, cancellationToken: cancelled).AsTask());
        for (var i = 0; i < 2; i++)
        {
            await file.DisposeAsync();
            await Devices.DisposeAsync();
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => file.ReadAsync(new byte[1], 0).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => file.WriteAsync(new byte[1], 0).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Devices.GetStatusAsync("null").AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Devices.ReadEntriesAsync().AsTask());
    }

    [Fact]
    public async Task TheyAreMountedLikeOtherFileSystems()
    {
        var devices = new DeviceFileSystem(FillRandom, InputStream.Empty, OutputStream.Null, OutputStream.Null);
        await using var root = await new MountFileSystem(new MemoryFileSystem(), ("/dev", devices)).OpenRootAsync().Get();
        await using var place = (await PathWalk.FollowRootedAsync(root, "/dev/zero", followsLast: true)).Value;
        await using var file = await place.Directory.OpenFileAsync(place.Name!, FileOpening.Read).Get();
        Assert.Equal(5, await file.ReadAsync(new byte[5], 0).Get());
        Assert.Equal("dev/", await root.List());
    }

    private void FillRandom(Span<byte> bytes)
    {
        _randomAsked?.Invoke(bytes.Length);
        bytes.Fill(7);
    }

    [Fact]
    public async Task WithoutATerminalThereIsNoneToOpen()
    {
        var devices = await new DeviceFileSystem(FillRandom, InputStream.Empty, OutputStream.To(_output), OutputStream.To(_error)).OpenRootAsync().Get();
        Assert.Equal(Errno.ENXIO, await devices.OpenFileAsync("tty", ReadWrite).Error());
        Assert.Equal(FileKind.CharacterDevice, (await devices.GetStatusAsync("tty").Get()).Kind);
        await using var output = await devices.OpenFileAsync("stdout", FileOpening.Write).Get();
        await using var terminal = await Devices.OpenFileAsync("tty", FileOpening.Write).Get();
        await using var input = await Devices.OpenFileAsync("stdin", FileOpening.Read).Get();
        await using var nothing = await Devices.OpenFileAsync("null", FileOpening.Read).Get();
        Assert.Equal((false, true, true, false), (output.IsTerminal, terminal.IsTerminal, input.IsTerminal, nothing.IsTerminal));
    }

    private sealed class Terminal(InputStream input) : InputStream
    {
        public override bool IsTerminal => true;

        public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => input.ReadAsync(buffer, cancellationToken);

        public override ValueTask<Result<int>> WaitAsync(CancellationToken cancellationToken = default) => input.WaitAsync(cancellationToken);
    }
}
