using System.Diagnostics;
using Fermata.Emscripten.Abi;

namespace Fermata.Emscripten.Tests;

public sealed class PollTests
{
    private const int ReadAt = 512, WriteAt = 640, ExceptAt = 768, TimeAt = 896;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TellsOfEachDescriptorWhatHasHappened(bool suspendsEverywhere)
    {
        await using var guest = await ForwardingGuest.StartAsync(suspendsEverywhere: suspendsEverywhere);
        var (read, write) = await guest.PipeAsync();
        Assert.Equal(
            [PollEvents.None, PollEvents.NotOpen, PollEvents.None, PollEvents.Out | PollEvents.WriteNormal],
            await guest.PollAsync([(-1, PollEvents.In), (99, PollEvents.In), (read, PollEvents.In), (write, PollEvents.Out | PollEvents.WriteNormal)]));
        var polling = guest.PollAsync([(read, PollEvents.In | PollEvents.Out), (-1, PollEvents.In)]);
        Assert.Equal(1, guest.SuspendedCalls);
        await guest.CallAsync("fd_write", write, WriteVector(guest, 512), 1, 508);
        Assert.Equal([PollEvents.In, PollEvents.None], await polling);
    }

    [Theory]
    [InlineData((short)PollEvents.None, (short)PollEvents.None)]
    [InlineData((short)PollEvents.Priority, (short)PollEvents.Priority)]
    [InlineData((short)PollEvents.Out, (short)PollEvents.In)]
    public async Task TellsThatAnEndOfAPipeIsClosedThoughNothingElseIsWanted(short ofReader, short ofWriter)
    {
        var (wantedOfReader, wantedOfWriter) = ((PollEvents)ofReader, (PollEvents)ofWriter);
        await using var guest = await ForwardingGuest.StartAsync();
        var (read, write) = await guest.PipeAsync();
        var (otherRead, otherWrite) = await guest.PipeAsync();
        await guest.WriteAsync(write, "x");
        var polling = guest.PollAsync([(read, wantedOfReader), (otherWrite, wantedOfWriter)]);
        Assert.Equal(1, guest.SuspendedCalls);
        await guest.CloseAsync(write);
        Assert.Equal([PollEvents.HangUp, PollEvents.None], await polling);
        await guest.CloseAsync(otherRead);
        Assert.Equal([PollEvents.HangUp, PollEvents.Error], await guest.PollAsync([(read, wantedOfReader), (otherWrite, wantedOfWriter)]));
        Assert.Equal(PollEvents.In | PollEvents.HangUp, await guest.PollAsync(read, PollEvents.In));
    }

    [Fact]
    public async Task SelectWaitsForExceptionsWhateverIsClosed()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        var (read, write) = await guest.PipeAsync();
        await guest.CloseAsync(write);
        Set(guest, ExceptAt, read);
        using var cancellation = new CancellationTokenSource();
        var selecting = guest.CallAsync("__syscall__newselect", [read + 1, 0, 0, ExceptAt, 0], cancellation.Token);
        Assert.Equal(1, guest.SuspendedCalls);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => selecting);
    }

    [Fact]
    public async Task FilesAreAlwaysReady()
    {
        var files = new MemoryFileSystem();
        files.AddText("/a", "text");
        await using var guest = await ForwardingGuest.StartAsync(new EmscriptenHost().WithDirectory("/", files));
        guest.Memory.WriteUtf8(512, "/a\0/\0");
        foreach (var path in new[] { 512, 515 })
        {
            var fd = await guest.CallAsync("__syscall_openat", -100, path, 0, 0);
            Assert.Equal(PollEvents.In | PollEvents.Out, await guest.PollAsync(fd, PollEvents.In | PollEvents.Out));
        }

        // Standard input is at its end, standard output takes everything.
        Assert.Equal([PollEvents.In | PollEvents.HangUp, PollEvents.Out], await guest.PollAsync([(0, PollEvents.In), (1, PollEvents.Out)]));
    }

    [Fact]
    public async Task WaitsNoLongerThanItIsTold()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        var (read, _) = await guest.PipeAsync();
        Assert.Equal(PollEvents.None, await guest.PollAsync(read, PollEvents.In, 0));
        var watch = Stopwatch.StartNew();
        Assert.Equal(PollEvents.None, await guest.PollAsync(read, PollEvents.In, 50));
        Assert.Empty(await guest.PollAsync([], 50));
        Assert.InRange(watch.ElapsedMilliseconds, 99, 60_000);
    }

    [Fact]
    public async Task CancellationEndsEachWait()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        var (read, write) = await guest.PipeAsync();
        await guest.WriteAsync(write, new string('x', 65536));
        guest.Memory.GetSpan(ReadAt, 512).Clear();
        guest.Memory.Write(500, 1);
        (string Function, int[] Arguments)[] calls =
        [
            ("__syscall_poll", [0, 0, -1]),
            ("__syscall__newselect", [0, 0, 0, 0, 0]),
            ("fd_write", [write, WriteVector(guest, 400), 1, 508]),
        ];
        foreach (var (function, arguments) in calls)
        {
            using var cancellation = new CancellationTokenSource();
            var call = guest.CallAsync(function, arguments, cancellation.Token);
            Assert.Equal(1, guest.SuspendedCalls);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
    }

    [Fact]
    public async Task SelectTellsWhichDescriptorsAreReady()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        var (read, write) = await guest.PipeAsync();
        var (otherRead, otherWrite) = await guest.PipeAsync();
        await guest.WriteAsync(otherWrite, "x");
        Set(guest, ReadAt, read, otherRead);
        Set(guest, WriteAt, write);
        Set(guest, ExceptAt, read);
        guest.Memory.Write(ReadAt + 4, -1);
        foreach (var function in new[] { "__syscall__newselect", "___syscall__newselect" })
            Assert.Equal(2, await guest.CallAsync(function, 7, ReadAt, WriteAt, ExceptAt, 0));
        Assert.Equal((1 << otherRead, 1 << write, 0), (guest.Memory.Read<int>(ReadAt), guest.Memory.Read<int>(WriteAt), guest.Memory.Read<int>(ExceptAt)));

        // Words behind the last descriptor stay as they are.
        Assert.Equal(-1, guest.Memory.Read<int>(ReadAt + 4));
    }

    [Fact]
    public async Task SelectTakesATimeInSecondsAndMicroseconds()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        var (read, _) = await guest.PipeAsync();
        Set(guest, ReadAt, read);
        guest.Memory.Write(TimeAt, 0);
        guest.Memory.Write(TimeAt + 4, 20_000);
        Assert.Equal(0, await guest.CallAsync("__syscall__newselect", 4, ReadAt, 0, 0, TimeAt));
        Assert.Equal(0, guest.Memory.Read<int>(ReadAt));
        guest.Memory.Write(TimeAt, -1);
        Assert.Equal(Errno.EINVAL, await guest.FailAsync("__syscall__newselect", 4, ReadAt, 0, 0, TimeAt));
        Assert.Equal(Errno.EINVAL, await guest.FailAsync("__syscall__newselect", 1025, 0, 0, 0, 0));
        Assert.Equal(Errno.EINVAL, await guest.FailAsync("__syscall__newselect", -1, 0, 0, 0, 0));
        Set(guest, ReadAt, 31);
        Assert.Equal(Errno.EBADF, await guest.FailAsync("__syscall__newselect", 32, ReadAt, 0, 0, 0));
    }

    [Theory]
    [InlineData(-8, 2)]
    [InlineData(ForwardingGuest.MemoryBytes - 7, 1)]
    [InlineData(ForwardingGuest.MemoryBytes - 8000, 10_000)]
    [InlineData(ForwardingGuest.MemoryBytes + 1, 0)]
    public async Task PointersBeyondTheMemoryTrap(int address, int count)
    {
        await using var guest = await ForwardingGuest.StartAsync();
        await Assert.ThrowsAsync<MemoryTrapException>(() => guest.CallAsync("__syscall_poll", address, count, 0));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10_001)]
    [InlineData(0x2000_0000)]
    public async Task TooManyDescriptorsAreRefused(int count)
    {
        await using var guest = await ForwardingGuest.StartAsync();
        Assert.Equal(Errno.EINVAL, await guest.FailAsync("__syscall_poll", 0, count, 0));
    }

    [Fact]
    public async Task TwoHundredGuestsPollOnAHandfulOfThreads()
    {
        var guests = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => ForwardingGuest.StartAsync()));
        var pipes = await Task.WhenAll(guests.Select(guest => guest.PipeAsync()));
        var threads = ThreadPool.ThreadCount;
        var polls = guests.Zip(pipes, (guest, pipe) => guest.PollAsync(pipe.Read, PollEvents.In)).ToArray();
        Assert.All(guests, guest => Assert.Equal(1, guest.SuspendedCalls));
        Assert.InRange(ThreadPool.ThreadCount, 0, threads + 100);
        Assert.All(polls, poll => Assert.False(poll.IsCompleted));
        await Task.WhenAll(guests.Zip(pipes, (guest, pipe) => guest.CallAsync("fd_write", pipe.Write, WriteVector(guest, 512), 1, 508)));
        Assert.All(await Task.WhenAll(polls), events => Assert.Equal(PollEvents.In, events));
        foreach (var guest in guests)
            await guest.DisposeAsync();
    }

    private static int WriteVector(ForwardingGuest guest, int at)
    {
        guest.Memory.Write(at, at);
        guest.Memory.Write(at + 4, 1);
        return at;
    }

    private static void Set(ForwardingGuest guest, int at, params int[] descriptors)
    {
        guest.Memory.GetSpan(at, 128).Clear();
        guest.Memory.Write(at, descriptors.Aggregate(0u, (bits, fd) => bits | (1u << fd)));
    }
}
