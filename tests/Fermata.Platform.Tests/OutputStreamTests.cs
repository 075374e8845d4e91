using System.IO.Pipelines;
using System.Text;

namespace Fermata.Platform.Tests;

public sealed class OutputStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task ACharacterMayComeInPieces()
    {
        var writer = new StringWriter();
        OutputStream output = writer;
        foreach (var value in Encoding.UTF8.GetBytes("aü€😀"))
            Assert.Equal(Errno.None, await output.WriteAsync(new[] { value }));
        Assert.Equal("aü€😀", writer.ToString());
    }

    [Fact]
    public async Task WhatIsNoTextBecomesAReplacementCharacter()
    {
        var writer = new StringWriter();
        OutputStream output = writer;
        await output.WriteAsync(new byte[] { (byte)'a', 0xff, (byte)'b', 0xe2, 0x82 });
        Assert.Equal("a\ufffdb", writer.ToString());
        await output.FlushAsync();
        Assert.Equal("a\ufffdb\ufffd", writer.ToString());
        await output.WriteAsync("c"u8.ToArray());
        Assert.Equal("a\ufffdb\ufffdc", writer.ToString());
    }

    [Fact]
    public async Task WritesAtOnceAreNotMixed()
    {
        var stream = new SlowStream();
        OutputStream output = stream;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () => await output.WriteAsync(Encoding.UTF8.GetBytes(new string((char)('A' + i), 10))))))
            .WaitAsync(Patience);
        var text = stream.ToString();
        Assert.Equal(500, text.Length);
        Assert.All(text.Chunk(10), chunk => Assert.Single(chunk.Distinct()));
    }

    [Fact]
    public async Task AWriteThatIsCancelledInItsTurnLeavesTheTurn()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4, resumeWriterThreshold: 1));
        OutputStream output = pipe.Writer;
        using var cancellation = new CancellationTokenSource();
        var write = output.WriteAsync(new byte[10], cancellation.Token).AsTask();
        var next = output.WriteAsync(new byte[10], cancellation.Token).AsTask();
        Assert.False(write.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        var read = await pipe.Reader.ReadAtLeastAsync(10);
        pipe.Reader.AdvanceTo(read.Buffer.End);
        Assert.Equal(Errno.None, await output.WriteAsync(new byte[1]).AsTask().WaitAsync(Patience));
    }

    [Fact]
    public async Task APipeThatNobodyReadsIsBroken()
    {
        var pipe = new Pipe();
        OutputStream output = pipe.Writer;
        Assert.Equal(Errno.None, await output.WriteAsync("a"u8.ToArray()));
        await pipe.Reader.CompleteAsync();
        Assert.Equal(Errno.EPIPE, await output.WriteAsync("b"u8.ToArray()));
        Assert.Equal(Errno.EPIPE, await output.WriteAsync("c"u8.ToArray()));
    }

    [Fact]
    public async Task AStreamThatIsClosedIsBroken()
    {
        var stream = new MemoryStream();
        OutputStream output = stream;
        await stream.DisposeAsync();
        Assert.Equal(Errno.EPIPE, await output.WriteAsync("a"u8.ToArray()));
    }

    [Fact]
    public async Task AnotherErrorIsThrownAndTheNextWriteIsTried()
    {
        var stream = new SlowStream { Failure = new IOException("no disk") };
        OutputStream output = stream;
        Assert.Equal("no disk", (await Assert.ThrowsAsync<IOException>(() => output.WriteAsync("a"u8.ToArray()).AsTask())).Message);
        stream.Failure = null;
        Assert.Equal(Errno.None, await output.WriteAsync("b"u8.ToArray()));
        Assert.Equal("b", stream.ToString());
    }

    /// <summary>Takes a byte after the other, and lets others go first.</summary>
    private sealed class SlowStream : MemoryStream
    {
        public Exception? Failure { get; set; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Failure is not null)
                throw Failure;
            foreach (var value in buffer.ToArray())
            {
                WriteByte(value);
                await Task.Yield();
            }
        }

        public override string ToString() => Encoding.UTF8.GetString(ToArray());
    }
}
