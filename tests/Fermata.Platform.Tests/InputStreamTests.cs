using System.IO.Pipelines;
using System.Text;

namespace Fermata.Platform.Tests;

public sealed class InputStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task TextIsReadAsUtf8()
    {
        InputStream input = "grüße";
        Assert.Equal(7, (await input.WaitAsync()).Value);
        Assert.Equal("grüße", await ReadAllAsync(input, 2));
        Assert.Equal(0, (await input.WaitAsync()).Value);
    }

    [Fact]
    public async Task AStreamIsReadToItsEnd()
    {
        var text = new string('x', 100_000);
        Assert.Equal(text, await ReadAllAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), 7_777));
    }

    [Fact]
    public async Task WhatWasWaitedForIsRead()
    {
        var pipe = new Pipe();
        InputStream input = pipe.Reader;
        var wait = input.WaitAsync().AsTask();
        Assert.False(wait.IsCompleted);
        await pipe.Writer.WriteAsync("abc"u8.ToArray());
        Assert.Equal(3, (await wait.WaitAsync(Patience)).Value);
        Assert.Equal(3, (await input.WaitAsync()).Value);
        Assert.Equal("ab", await ReadAsync(input, 2));
        Assert.Equal(1, (await input.WaitAsync()).Value);
        Assert.Equal("c", await ReadAsync(input, 2));
        await pipe.Writer.CompleteAsync();
        Assert.Equal(0, (await input.WaitAsync()).Value);
        Assert.Equal("", await ReadAsync(input, 2));
    }

    [Fact]
    public async Task AReadThatIsCancelledLosesNothing()
    {
        var pipe = new Pipe();
        InputStream input = pipe.Reader;
        for (var i = 0; i < 10; i++)
        {
            using var cancellation = new CancellationTokenSource();
            var buffer = new byte[1];
            var read = input.ReadAsync(buffer, cancellation.Token).AsTask();
            var wait = input.WaitAsync(cancellation.Token).AsTask();
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        }

        await pipe.Writer.WriteAsync("abc"u8.ToArray());
        Assert.Equal("abc", await ReadAsync(input, 10));
    }

    [Fact]
    public async Task AReadOfNothingDoesNotWait()
    {
        InputStream input = new Pipe().Reader;
        Assert.Equal(0, (await input.ReadAsync(default).AsTask().WaitAsync(Patience)).Value);
    }

    [Fact]
    public async Task ReadersAtOnceGetEachByteOnce()
    {
        var pipe = new Pipe();
        InputStream input = pipe.Reader;
        var readers = Enumerable.Range(0, 8).Select(_ => Task.Run(() => ReadAllAsync(input, 3))).ToArray();
        for (var i = 0; i < 1_000; i++)
            await pipe.Writer.WriteAsync(new byte[] { (byte)'a', (byte)'b' });
        await pipe.Writer.CompleteAsync();
        var all = string.Concat(await Task.WhenAll(readers).WaitAsync(Patience));
        Assert.Equal((1_000, 1_000, 2_000), (all.Count(c => c == 'a'), all.Count(c => c == 'b'), all.Length));
    }

    [Fact]
    public async Task AnErrorIsToldOnceToAReader()
    {
        InputStream input = new FailingStream();
        Assert.Equal("no disk", (await Assert.ThrowsAsync<IOException>(() => input.WaitAsync().AsTask())).Message);
        Assert.Equal("no disk", (await Assert.ThrowsAsync<IOException>(() => input.WaitAsync().AsTask())).Message);
        Assert.Equal("no disk", (await Assert.ThrowsAsync<IOException>(() => ReadAsync(input, 1))).Message);
        Assert.Equal("a", await ReadAsync(input, 1));
    }

    [Fact]
    public async Task AnErrorAfterAReadThatIsCancelledIsTold()
    {
        var failing = new FailingStream();
        failing.Gate.Wait();
        InputStream input = failing;
        using var cancellation = new CancellationTokenSource();
        var read = input.ReadAsync(new byte[1], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        failing.Gate.Release();
        Assert.Equal("no disk", (await Assert.ThrowsAsync<IOException>(() => ReadAsync(input, 1))).Message);
    }

    private static async Task<string> ReadAsync(InputStream input, int count)
    {
        var buffer = new byte[count];
        var read = await input.ReadAsync(buffer).AsTask().WaitAsync(Patience);
        return Encoding.UTF8.GetString(buffer, 0, read.Value);
    }

    private static async Task<string> ReadAllAsync(InputStream input, int piece)
    {
        using var all = new MemoryStream();
        var buffer = new byte[piece];
        while ((await input.ReadAsync(buffer)).Value is not 0 and var count)
            all.Write(buffer, 0, count);
        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>Fails once, then has bytes.</summary>
    private sealed class FailingStream : MemoryStream
    {
        private bool _hasFailed;

        public SemaphoreSlim Gate { get; } = new(1);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Gate.WaitAsync(cancellationToken);
            Gate.Release();
            if (!_hasFailed)
            {
                _hasFailed = true;
                throw new IOException("no disk");
            }

            buffer.Span[0] = (byte)'a';
            return 1;
        }
    }
}
