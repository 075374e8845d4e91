namespace Fermata.Emscripten.Tests;

public sealed class ProcessTests
{
    private const int ProcessId = 42;

    [Fact]
    public async Task ThereIsOneProcess()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        foreach (var function in new[] { "__syscall_getpgid", "__syscall_getsid" })
        {
            Assert.Equal(ProcessId, await guest.CallAsync(function, 0));
            Assert.Equal(ProcessId, await guest.CallAsync(function, ProcessId));
            Assert.Equal(Errno.ESRCH, await guest.FailAsync(function, 1));
        }

        Assert.Equal(0, await guest.CallAsync("__syscall_setpgid", 0, ProcessId));
        Assert.Equal(Errno.ESRCH, await guest.FailAsync("__syscall_setpgid", 1, 0));
        Assert.Equal(Errno.EPERM, await guest.FailAsync("__syscall_setpgid", 0, 1));
        Assert.Equal(0, await guest.CallAsync("__syscall_setsid"));
        Assert.Equal(Errno.ECHILD, await guest.FailAsync("__syscall_wait4", -1, 0, 0, 0));
        Assert.Equal(1, await guest.CallAsync("__syscall_getgroups32", 0, -1));
        Assert.Equal(1, await guest.CallAsync("__syscall_getgroups32", 1, 512));
        Assert.Equal(0, await guest.CallAsync("__syscall_sync"));
    }

    [Fact]
    public async Task LimitsAreThoseOfTheHost()
    {
        await using var guest = await ForwardingGuest.StartAsync(new EmscriptenHost().WithMaxDescriptors(100));
        const int cpu = 0, descriptors = 7;
        Assert.Equal(100, await guest.CallAsync("getdtablesize"));
        Assert.Equal(0, await guest.CallAsync("__syscall_prlimit64", 0, descriptors, 0, 512));
        Assert.Equal((100L, 100L), (guest.Memory.Read<long>(512), guest.Memory.Read<long>(520)));
        Assert.Equal(0, await guest.CallAsync("__syscall_ugetrlimit", cpu, 512));
        Assert.Equal(-1L, guest.Memory.Read<long>(512));
        Assert.Equal(Errno.EINVAL, await guest.FailAsync("__syscall_ugetrlimit", 16, 512));
        Assert.Equal(Errno.ESRCH, await guest.FailAsync("__syscall_prlimit64", 1, cpu, 0, 512));
        Assert.Equal(0, await guest.CallAsync("__syscall_prlimit64", 0, descriptors, 512, 0));
    }

    [Fact]
    public async Task WhatWasUsedIsTheTimeThatItRuns()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        guest.Memory.GetSpan(512, 80).Fill(0xff);
        Assert.Equal(0, await guest.CallAsync("__syscall_getrusage", 0, 512));
        Assert.InRange(guest.Memory.Read<int>(516), 0, 999_999);
        Assert.All(guest.Memory.GetSpan(520, 64).ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(-1L, guest.Memory.Read<long>(584));
    }

    [Fact]
    public async Task ASleepMayBeOfAnyLength()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        await guest.CallWithoutResultAsync("emscripten_sleep", [0], default);
        using var cancellation = new CancellationTokenSource();
        var sleep = guest.CallWithoutResultAsync("emscripten_sleep", [-1], cancellation.Token);
        Assert.Equal(1, guest.SuspendedCalls);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sleep);
    }

    [Fact]
    public async Task OnlyFilesHaveTimes()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        var (read, _) = await guest.PipeAsync();
        Assert.Equal(Errno.EPERM, await guest.FailAsync("__syscall_utimensat", read, 0, 0, 0));
        Assert.Equal(Errno.EPERM, await guest.FailAsync("__syscall_utimensat", 0, 0, 0, 0));
    }
}
