using static Fermata.Platform.Tests.FileSystems.HandleExtensions;

namespace Fermata.Platform.Tests.FileSystems;

public abstract partial class FileSystemTests
{
    [Fact]
    public async Task WhatIsWrittenIsRead()
    {
        await Root.MakeFile("a", "some text");
        await using var file = await Root.OpenFileAsync("a", ReadWrite).Get();
        Assert.Equal("text", await file.ReadText(offset: 5));
        Assert.Equal("", await file.ReadText(offset: 9));
        Assert.Equal("", await file.ReadText(offset: 1000));
        Assert.Equal(4, await file.WriteText("more", offset: 0));
        Assert.Equal("more text", await file.ReadText());
        Assert.Equal(0, await file.ReadAsync(Memory<byte>.Empty, 0).Get());
        Assert.Equal(0, await file.WriteAsync(ReadOnlyMemory<byte>.Empty, 0).Get());
        var status = await file.GetStatusAsync().Get();
        Assert.Equal((FileKind.File, 9L, 1UL), (status.Kind, status.Length, status.LinkCount));
    }

    [Fact]
    public async Task HandlesOfOneFileShareIt()
    {
        await Root.MakeFile("a", "old");
        await using var first = await Root.OpenFileAsync("a", ReadWrite).Get();
        await using var second = await Root.OpenFileAsync("a", ReadWrite).Get();
        await first.WriteText("new");
        Assert.Equal("new", await second.ReadText());
    }

    [Fact]
    public async Task WhatLiesBetweenIsZero()
    {
        await Root.MakeFile("a", "x");
        await using var file = await Root.OpenFileAsync("a", ReadWrite).Get();
        await file.WriteText("y", offset: 200_000);
        var buffer = new byte[300_000];
        buffer.AsSpan().Fill(255);
        Assert.Equal(200_001, await file.ReadAsync(buffer, 0).Get());
        Assert.Equal("x", ((char)buffer[0]).ToString());
        Assert.Equal("y", ((char)buffer[200_000]).ToString());
        Assert.False(buffer.AsSpan(1, 199_999).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public async Task HolesMayBeLarge()
    {
        await Root.MakeFile("a");
        await using var file = await Root.OpenFileAsync("a", ReadWrite).Get();
        const long Far = 1L << 40;
        await file.WriteText("far", offset: Far);
        Assert.Equal("far", await file.ReadText(Far));
        Assert.Equal(Far + 3, (await file.GetStatusAsync().Get()).Length);
    }

    [Fact]
    public async Task LongReadsAndWritesAreWhole()
    {
        var bytes = new byte[(3 << 20) + 7];
        new Random(1).NextBytes(bytes);
        await Root.MakeFile("a");
        await using var file = await Root.OpenFileAsync("a", ReadWrite).Get();
        for (var written = 0; written < bytes.Length;)
            written += await file.WriteAsync(bytes.AsMemory(written), written + 5).Get();
        var buffer = new byte[bytes.Length + 100];
        Assert.Equal(bytes.Length, await file.ReadAsync(buffer, 5).Get());
        Assert.True(bytes.AsSpan().SequenceEqual(buffer.AsSpan(0, bytes.Length)));
    }

    [Fact]
    public async Task PiecesAcrossBordersOfChunksFitTogether()
    {
        var random = new Random(2);
        var expected = new byte[400_000];
        await Root.MakeFile("a");
        await using var file = await Root.OpenFileAsync("a", ReadWrite).Get();
        await file.SetLengthAsync(expected.Length).Succeeds();
        for (var i = 0; i < 200; i++)
        {
            var (start, length) = (random.Next(expected.Length), random.Next(100_000));
            var piece = expected.AsMemory(start, Math.Min(length, expected.Length - start));
            random.NextBytes(piece.Span);
            Assert.Equal(piece.Length, await file.WriteAsync(piece, start).Get());
        }

        var buffer = new byte[expected.Length];
        Assert.Equal(expected.Length, await file.ReadAsync(buffer, 0).Get());
        Assert.True(expected.AsSpan().SequenceEqual(buffer));
    }

    [Fact]
    public async Task AFileIsMadeOnlyWhenAskedFor()
    {
        Assert.Equal(Errno.ENOENT, await Root.OpenFileAsync("a", ReadWrite).Error());
        Assert.Equal(Errno.None, await Root.OpenFileAsync("a", FileOpening.Create).Error());
        Assert.Equal(Errno.None, await Root.OpenFileAsync("a", ReadWrite | FileOpening.Create).Error());
        Assert.Equal(Errno.EEXIST, await Root.OpenFileAsync("a", New).Error());
    }

    [Fact]
    public async Task TruncatingNeedsWriting()
    {
        await Root.MakeFile("a", "text");
        Assert.Equal(Errno.EINVAL, await Root.OpenFileAsync("a", FileOpening.Read | FileOpening.Truncate).Error());
        Assert.Equal(Errno.EINVAL, await Root.OpenFileAsync("b", FileOpening.Read | FileOpening.Create | FileOpening.Truncate).Error());
        Assert.Equal("text", await Root.ReadText("a"));
        Assert.Equal(Errno.None, await Root.OpenFileAsync("a", FileOpening.Write | FileOpening.Truncate).Error());
        Assert.Equal("", await Root.ReadText("a"));
        Assert.Equal("a", await Root.List());
    }

    [Fact]
    public async Task AHandleDoesWhatItWasOpenedFor()
    {
        await Root.MakeFile("a", "text");
        await using var reader = await Root.OpenFileAsync("a", FileOpening.Read).Get();
        await using var writer = await Root.OpenFileAsync("a", FileOpening.Write).Get();
        await using var neither = await Root.OpenFileAsync("a", FileOpening.None).Get();
        foreach (var file in new[] { reader, neither })
        {
            Assert.Equal(Errno.EBADF, await file.WriteAsync(new byte[1], 0).Error());
            Assert.Equal(Errno.EBADF, await file.AppendAsync(new byte[1]).Error());
            await file.SetLengthAsync(1).Fails(Errno.EBADF);
            await file.AllocateAsync(0, 1).Fails(Errno.EBADF);
        }

        foreach (var file in new[] { writer, neither })
            Assert.Equal(Errno.EBADF, await file.ReadAsync(new byte[1], 0).Error());
        Assert.Equal(4, (await neither.GetStatusAsync().Get()).Length);
        Assert.Equal("text", await reader.ReadText());
    }

    [Fact]
    public async Task PlacesThatThereAreNotAreRefused()
    {
        await Root.MakeFile("a", "text");
        await using var file = await Root.OpenFileAsync("a", ReadWrite).Get();
        Assert.Equal(Errno.EINVAL, await file.ReadAsync(new byte[1], -1).Error());
        Assert.Equal(Errno.EINVAL, await file.WriteAsync(new byte[1], -1).Error());
        Assert.Equal(Errno.EFBIG, await file.WriteAsync(new byte[1], long.MaxValue).Error());
        await file.SetLengthAsync(-1).Fails(Errno.EINVAL);
        await file.AllocateAsync(-1, 1).Fails(Errno.EINVAL);
        await file.AllocateAsync(0, -1).Fails(Errno.EINVAL);
        await file.AllocateAsync(0, 0).Fails(Errno.EINVAL);
        await file.AllocateAsync(1, long.MaxValue).Fails(Errno.EFBIG);
        Assert.Equal(0, await file.ReadAsync(new byte[1], long.MaxValue).Get());
        Assert.Equal("text", await file.ReadText());
    }

    [Fact]
    public async Task ShorteningDropsAndLengtheningAddsZeros()
    {
        await Root.MakeFile("a", "some text");
        await using var file = await Root.OpenFileAsync("a", ReadWrite).Get();
        await file.SetLengthAsync(4).Succeeds();
        Assert.Equal("some", await file.ReadText());
        await file.SetLengthAsync(6).Succeeds();
        Assert.Equal("some\0\0", await file.ReadText());
        await file.SetLengthAsync(0).Succeeds();
        Assert.Equal("", await file.ReadText());
        await file.SetLengthAsync(100_000).Succeeds();
        await file.WriteText("end", offset: 99_997);
        await file.SetLengthAsync(99_998).Succeeds();
        await file.SetLengthAsync(99_999).Succeeds();
        Assert.Equal("e\0", await file.ReadText(offset: 99_997));
    }

    [Fact]
    public async Task AllocatingLengthensButNeverShortens()
    {
        await Root.MakeFile("a", "text");
        await using var file = await Root.OpenFileAsync("a", ReadWrite).Get();
        await file.AllocateAsync(0, 2).Succeeds();
        Assert.Equal("text", await file.ReadText());
        await file.AllocateAsync(4, 2).Succeeds();
        Assert.Equal("text\0\0", await file.ReadText());
        await file.AllocateAsync(100_000, 100_000).Succeeds();
        Assert.Equal(200_000, (await file.GetStatusAsync().Get()).Length);
    }

    [Fact]
    public async Task AppendingGoesToTheEndWhereverThatIs()
    {
        await Root.MakeFile("a", "one");
        await using var file = await Root.OpenFileAsync("a", ReadWrite).Get();
        await using var other = await Root.OpenFileAsync("a", ReadWrite).Get();
        Assert.Equal(3, await file.AppendAsync("two"u8.ToArray()).Get());
        await other.WriteText("three", offset: 6);
        Assert.Equal(4, await file.AppendAsync("four"u8.ToArray()).Get());
        await file.WriteText("ONE");
        Assert.Equal("ONEtwothreefour", await other.ReadText());
    }

    [Fact]
    public async Task AppendingFromSeveralThreadsLosesNothing()
    {
        await Root.MakeFile("a");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(async () =>
        {
            await using var file = await Root.OpenFileAsync("a", FileOpening.Write).Get();
            for (var i = 0; i < 200; i++)
                Assert.Equal(5, await file.AppendAsync(Enumerable.Repeat((byte)('0' + number), 5).ToArray()).Get());
        })));
        await using var file = await Root.OpenFileAsync("a", FileOpening.Read).Get();
        var buffer = new byte[5000];
        Assert.Equal(4000, await file.ReadAsync(buffer, 0).Get());
        Assert.All(buffer[..4000].Chunk(5), chunk => Assert.Single(chunk.Distinct()));
        Assert.All(buffer[..4000].GroupBy(value => value), group => Assert.Equal(1000, group.Count()));
    }

    [Fact]
    public async Task ARemovedFileStaysWhileItIsOpen()
    {
        await Root.MakeFile("a", "text");
        await using var file = await Root.OpenFileAsync("a", ReadWrite).Get();
        await Root.RemoveFileAsync("a").Succeeds();
        Assert.Equal(Errno.ENOENT, await Root.GetStatusAsync("a").Error());
        Assert.Equal("text", await file.ReadText());
        await file.WriteText("more", offset: 4);
        Assert.Equal("textmore", await file.ReadText());
        Assert.Equal(0UL, (await file.GetStatusAsync().Get()).LinkCount);
        await Root.MakeFile("a", "another");
        Assert.Equal("textmore", await file.ReadText());
        Assert.Equal("another", await Root.ReadText("a"));
    }

    [Fact]
    public async Task TimesAreSetAndKept()
    {
        const long First = 1_000_000_000_000_000_000;
        const long Second = 1_200_000_000_123_456_000;
        await Root.MakeFile("a", "text");
        await Root.SetTimesAsync("a", new FileTimes(First, Second)).Succeeds();
        Assert.Equal((First, Second), await Times("a"));
        await Root.SetTimesAsync("a", new FileTimes(null, First)).Succeeds();
        Assert.Equal((First, First), await Times("a"));
        await using var file = await Root.OpenFileAsync("a", ReadWrite).Get();
        await file.SetTimesAsync(new FileTimes(Second, null)).Succeeds();
        Assert.Equal((Second, First), await Times("a"));
        await Root.SetTimesAsync("a", new FileTimes(-1_500_000_000, 0)).Succeeds();
        Assert.Equal((-1_500_000_000, 0), await Times("a"));
        await Root.SetTimesAsync(new FileTimes(First, Second)).Succeeds();
        Assert.Equal(Second, (await Root.GetStatusAsync().Get()).ModificationTime);

        async Task<(long, long)> Times(string name)
        {
            var status = await Root.GetStatusAsync(name).Get();
            return (status.AccessTime, status.ModificationTime);
        }
    }

    [Fact]
    public async Task PermissionsAreSetAndKept()
    {
        const UnixFileMode First = (UnixFileMode)0b110_100_000, Second = (UnixFileMode)0b111_101_000;
        await using (var file = await Root.OpenFileAsync("a", New, First).Get())
        {
            Assert.Equal(First, (await file.GetStatusAsync().Get()).Mode);
            await file.SetModeAsync(Second).Succeeds();
            Assert.Equal(Second, (await file.GetStatusAsync().Get()).Mode);
        }

        await Root.CreateDirectoryAsync("d", Second).Succeeds();
        Assert.Equal(Second, await Mode("d"));
        await using var directory = await Root.OpenDirectoryAsync("d").Get();
        await directory.SetModeAsync(First | UnixFileMode.UserExecute).Succeeds();
        Assert.Equal(First | UnixFileMode.UserExecute, await Mode("d"));

        // A file that is there keeps what it has, also under another name, and takes it with it.
        await using (await Root.OpenFileAsync("a", ReadWrite | FileOpening.Create | FileOpening.Truncate, First).Get())
            Assert.Equal(Second, await Mode("a"));
        await Root.RenameAsync("a", Root, "b").Succeeds();
        await Root.SetModeAsync("b", First).Succeeds();
        Assert.Equal(First, await Mode("b"));
        await Root.RemoveFileAsync("b").Succeeds();
        await using (await Root.OpenFileAsync("b", New, Second).Get())
            Assert.Equal(Second, await Mode("b"));

        await Root.CreateSymbolicLinkAsync("link", "b").Succeeds();
        await Root.SetModeAsync("link", First).Fails(Errno.ENOTSUP);
        await Root.SetModeAsync("none", First).Fails(Errno.ENOENT);
        Assert.Equal(Second, await Mode("b"));

        async Task<UnixFileMode?> Mode(string name) => (await Root.GetStatusAsync(name).Get()).Mode;
    }

    [Fact]
    public async Task ChangesAreSeenInTimes()
    {
        await Root.MakeFile("a", "text");
        await Root.SetTimesAsync("a", new FileTimes(0, 0)).Succeeds();
        await Root.SetTimesAsync(new FileTimes(0, 0)).Succeeds();
        await using (var file = await Root.OpenFileAsync("a", ReadWrite).Get())
        {
            await file.WriteText("new");
            Assert.NotEqual(0, (await file.GetStatusAsync().Get()).ModificationTime);
        }

        Assert.Equal(0, (await Root.GetStatusAsync().Get()).ModificationTime);
        await Root.MakeFile("b");
        Assert.NotEqual(0, (await Root.GetStatusAsync().Get()).ModificationTime);
    }

    [Fact]
    public async Task SyncingSucceeds()
    {
        await Root.MakeFile("a");
        await using var file = await Root.OpenFileAsync("a", FileOpening.Write).Get();
        await file.SyncAsync(dataOnly: false).Succeeds();
        await file.SyncAsync(dataOnly: true).Succeeds();
        await Root.SyncAsync().Succeeds();
    }
}
