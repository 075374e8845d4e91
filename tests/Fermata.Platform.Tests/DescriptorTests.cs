using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;

namespace Fermata.Platform.Tests;

/// <summary>What standard streams are on Linux, with pipes of the system.</summary>
public sealed class DescriptorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly AnonymousPipeServerStream _writing = new(PipeDirection.Out);
    private readonly AnonymousPipeClientStream _reading;
    private readonly DescriptorInput _input;
    private readonly DescriptorOutput _output;

    public DescriptorTests()
    {
        _reading = new AnonymousPipeClientStream(PipeDirection.In, _writing.ClientSafePipeHandle);
        _input = new DescriptorInput(Descriptor(_reading.SafePipeHandle));
        _output = new DescriptorOutput(Descriptor(_writing.SafePipeHandle));
    }

    public void Dispose()
    {
        _reading.Dispose();
        _writing.Dispose();
    }

    [Fact]
    public async Task WhatWasWaitedForIsRead()
    {
        var wait = _input.WaitAsync().AsTask();
        Assert.False(wait.IsCompleted);
        Assert.Equal(Errno.None, await _output.WriteAsync("abc"u8.ToArray()));
        Assert.Equal(3, (await wait.WaitAsync(Patience)).Value);
        var buffer = new byte[2];
        Assert.Equal(2, (await _input.ReadAsync(buffer)).Value);
        Assert.Equal("ab"u8.ToArray(), buffer);
        Assert.Equal(1, (await _input.WaitAsync()).Value);
        Assert.Equal(1, (await _input.ReadAsync(buffer)).Value);
        _writing.Dispose();
        Assert.Equal(0, (await _input.WaitAsync().AsTask().WaitAsync(Patience)).Value);
        Assert.Equal(0, (await _input.ReadAsync(buffer)).Value);
    }

    [Fact]
    public async Task AReadThatIsCancelledLosesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        var read = _input.ReadAsync(new byte[1], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        var next = _input.ReadAsync(new byte[10]).AsTask();
        await _output.WriteAsync("abc"u8.ToArray());
        Assert.Equal(3, (await next.WaitAsync(Patience)).Value);
    }

    [Fact]
    public async Task TwoReadersAreNotInEachOthersWay()
    {
        var first = _input.ReadAsync(new byte[1]).AsTask();
        var second = _input.ReadAsync(new byte[1]).AsTask();
        await _output.WriteAsync("a"u8.ToArray());
        await Task.WhenAny(first, second).WaitAsync(Patience);
        await _output.WriteAsync("b"u8.ToArray());
        Assert.Equal([1, 1], (await Task.WhenAll(first, second).WaitAsync(Patience)).Select(result => result.Value));
    }

    [Fact]
    public async Task AWriteToAPipeThatIsFullCanBeCancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var bytes = ManyBytes();
        var write = _output.WriteAsync(bytes, cancellation.Token).AsTask();
        Assert.False(write.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.WaitAsync(Patience));

        _writing.Dispose();
        var read = await ReadAllAsync();
        Assert.InRange(read.Length, 1, bytes.Length - 1);
        Assert.Equal(bytes[..read.Length], read);
    }

    [Fact]
    public async Task AWriteGoesOnWhenSomebodyReads()
    {
        var bytes = ManyBytes();
        var read = ReadAllAsync();
        Assert.Equal(Errno.None, await _output.WriteAsync(bytes).AsTask().WaitAsync(Patience));
        _writing.Dispose();
        Assert.Equal(bytes, await read.WaitAsync(Patience));
    }

    [Fact]
    public async Task APipeThatNobodyReadsIsBroken()
    {
        _reading.Dispose();
        Assert.Equal(Errno.EPIPE, await _output.WriteAsync("a"u8.ToArray()));
    }

    private static byte[] ManyBytes() => [.. Enumerable.Range(0, 1 << 20).Select(i => (byte)(i * 7 >> 3))];

    private async Task<byte[]> ReadAllAsync()
    {
        using var all = new MemoryStream();
        var buffer = new byte[10_000];
        while ((await _input.ReadAsync(buffer)).Value is not 0 and var count)
            all.Write(buffer, 0, count);
        return all.ToArray();
    }

    private static SafeFileHandle Descriptor(SafePipeHandle pipe) => new(pipe.DangerousGetHandle(), ownsHandle: false);
}
