using Fermata.Emscripten.Abi;

namespace Fermata.Emscripten.Tests;

public sealed class PipeTests
{
    private const int Capacity = 64 * 1024, LongestWhole = 4096;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatIsWrittenIsRead(bool suspendsEverywhere)
    {
        await using var guest = await ForwardingGuest.StartAsync(suspendsEverywhere: suspendsEverywhere);
        var (read, write) = await guest.PipeAsync();
        Assert.Equal((3, 4), (read, write));
        Assert.Equal((Errno.None, 5), await guest.WriteAsync(write, "hello"));
        Assert.Equal((Errno.None, "hel"), await guest.ReadAsync(read, 3));
        Assert.Equal((Errno.None, "lo"), await guest.ReadAsync(read));
    }

    [Fact]
    public async Task AReadWaitsForAWrite()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        var (read, write) = await guest.PipeAsync();
        var reading = guest.CallAsync("fd_read", read, VectorAt(guest, 20000, 16), 1, 20008);
        Assert.Equal(1, guest.SuspendedCalls);
        await guest.WriteAsync(write, "late");
        Assert.Equal(0, await reading);
        Assert.Equal(4, guest.Memory.Read<int>(20008));
    }

    [Fact]
    public async Task AFullPipeHasNoRoomUntilItIsRead()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        var (read, write) = await guest.PipeAsync(ForwardingGuest.Nonblock);
        Assert.Equal((Errno.EAGAIN, ""), await guest.ReadAsync(read));
        Assert.Equal((Errno.None, Capacity - 10), await guest.WriteAsync(write, new string('x', Capacity - 10)));

        // What is short is written as a whole or not at all, what is long as far as there is room.
        Assert.Equal((Errno.EAGAIN, 0), await guest.WriteAsync(write, new string('y', 11)));
        Assert.Equal((Errno.None, 10), await guest.WriteAsync(write, new string('y', LongestWhole + 1)));
        Assert.Equal((Errno.EAGAIN, 0), await guest.WriteAsync(write, "z"));
        Assert.Equal(PollEvents.None, await guest.PollAsync(write, PollEvents.Out, 0));
        Assert.Equal((Errno.None, new string('x', LongestWhole)), await guest.ReadAsync(read, LongestWhole));
        Assert.Equal(PollEvents.Out, await guest.PollAsync(write, PollEvents.Out, 0));
    }

    [Fact]
    public async Task AWriteThatHasNoRoomWaits()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        var (read, write) = await guest.PipeAsync();
        await guest.WriteAsync(write, new string('x', Capacity));
        var writing = guest.CallAsync("fd_write", write, VectorAt(guest, 500, 10), 1, 508);
        Assert.Equal(1, guest.SuspendedCalls);
        await guest.ReadAsync(read, 10);
        Assert.Equal(0, await writing);
        Assert.Equal(10, guest.Memory.Read<int>(508));
    }

    [Fact]
    public async Task TheEndComesWhenAllWritersAreClosed()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        var (read, write) = await guest.PipeAsync();
        var copy = await guest.CallAsync("__syscall_dup", write);
        await guest.WriteAsync(write, "rest");
        await guest.CloseAsync(write);
        Assert.Equal(PollEvents.In, await guest.PollAsync(read, PollEvents.In, 0));
        Assert.Equal((Errno.None, "rest"), await guest.ReadAsync(read));
        Assert.Equal(PollEvents.None, await guest.PollAsync(read, PollEvents.In, 0));
        var reading = guest.ReadAsync(read);
        Assert.Equal(1, guest.SuspendedCalls);
        await guest.CloseAsync(copy);
        Assert.Equal((Errno.None, ""), await reading);
        Assert.Equal(PollEvents.In | PollEvents.HangUp, await guest.PollAsync(read, PollEvents.In));
    }

    [Fact]
    public async Task NobodyWritesToAPipeThatNobodyReads()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        var (read, write) = await guest.PipeAsync();
        await guest.WriteAsync(write, new string('x', Capacity));
        var writing = guest.CallAsync("fd_write", write, VectorAt(guest, 500, 10), 1, 508);
        await guest.CloseAsync(read);
        Assert.Equal((int)Errno.EPIPE, await writing);
        Assert.Equal((Errno.EPIPE, 0), await guest.WriteAsync(write, "x"));
        Assert.Equal(PollEvents.Out | PollEvents.Error, await guest.PollAsync(write, PollEvents.Out));
    }

    [Fact]
    public async Task EachEndIsForOneDirectionAndHasNoPosition()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        var (read, write) = await guest.PipeAsync();
        Assert.Equal(Errno.EBADF, (await guest.ReadAsync(write)).Error);
        Assert.Equal(Errno.EBADF, (await guest.WriteAsync(read, "x")).Error);
        Assert.Equal(Errno.EINVAL, await guest.FailAsync("__syscall_fdatasync", write));
        Assert.Equal(0, await guest.CallAsync("__syscall_fstat64", read, 512));
        const int pipe = 0x1000;
        Assert.Equal(pipe, guest.Memory.Read<int>(516) & 0xf000);
        Assert.Equal(PollEvents.None, await guest.PollAsync(read, PollEvents.Out, 0));
        Assert.Equal(PollEvents.None, await guest.PollAsync(write, PollEvents.In, 0));
    }

    [Fact]
    public async Task FlagsAreThoseOfOpen()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        Assert.Equal(Errno.EINVAL, await guest.FailAsync("__syscall_pipe2", 512, 1));
        const int closeOnExec = 0x80000, getFlags = 3;
        var (read, write) = await guest.PipeAsync(closeOnExec | ForwardingGuest.Nonblock);
        Assert.Equal(ForwardingGuest.Nonblock, await guest.CallAsync("__syscall_fcntl64", read, getFlags, 0));
        Assert.Equal(ForwardingGuest.Nonblock | 1, await guest.CallAsync("__syscall_fcntl64", write, getFlags, 0));
    }

    [Fact]
    public async Task TooManyDescriptorsLeaveNoEndOpen()
    {
        await using var guest = await ForwardingGuest.StartAsync(new EmscriptenHost().WithMaxDescriptors(4));
        Assert.Equal(Errno.EMFILE, await guest.FailAsync("__syscall_pipe", 512));
        Assert.Equal(PollEvents.NotOpen, await guest.PollAsync(3, PollEvents.In));
        Assert.Equal(4, await guest.CallAsync("getdtablesize"));
    }

    [Fact]
    public async Task ACancelledReadTakesNothing()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        var (read, write) = await guest.PipeAsync();
        using (var cancellation = new CancellationTokenSource())
        {
            var reading = guest.ReadAsync(read, cancellationToken: cancellation.Token);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        }

        await guest.WriteAsync(write, "kept");
        Assert.Equal((Errno.None, "kept"), await guest.ReadAsync(read));
    }

    private static int VectorAt(ForwardingGuest guest, int at, int length)
    {
        guest.Memory.Write(at, at + 16);
        guest.Memory.Write(at + 4, length);
        return at;
    }
}
