
namespace Fermata.Wasi.Tests;

/// <summary><c>poll_oneoff</c>, on a clock that the test sets.</summary>
public sealed class PollTests
{
    private const int Realtime = 0;
    private const int Monotonic = 1;

    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData(Realtime)]
    [InlineData(Monotonic)]
    public async Task ASleepLastsAsLongAsItSays(int clock)
    {
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithClock(_clock));
        var sleep = guest.PollAsync([PollSubscription.After(TimeSpan.FromSeconds(10), clock) with { UserData = 7 }]);
        await WaitForTimersAsync(1);
        _clock.Set = TimeSpan.FromDays(1);
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(sleep.IsCompleted);
        Assert.Equal([TimeSpan.FromSeconds(0.1)], _clock.Due);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(new PollEvent(7, Errno.None, 0, 0, false), Assert.Single(await sleep));
        Assert.Empty(_clock.Due);
    }

    [Fact]
    public async Task ATimerThatIsEarlyIsSetAnew()
    {
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithClock(_clock));
        var sleep = guest.PollAsync([PollSubscription.After(TimeSpan.FromTicks(15_000))]);
        await WaitForTimersAsync(1);
        Assert.Equal([TimeSpan.FromMilliseconds(2)], _clock.Due);
        _clock.Advance(TimeSpan.FromMilliseconds(2));
        await sleep;

        // The time of day is set back while somebody waits for it.
        var now = (ulong)(_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        sleep = guest.PollAsync([PollSubscription.At(now + 1_000_000_000, Realtime)]);
        await WaitForTimersAsync(1);
        _clock.Set = TimeSpan.FromSeconds(-1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await WaitForTimersAsync(1);
        Assert.Equal([TimeSpan.FromSeconds(1)], _clock.Due);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await sleep;
    }

    [Fact]
    public async Task ATimeThatIsOverIsDueAtOnce()
    {
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithClock(_clock));
        Assert.Single(await guest.PollAsync([PollSubscription.After(TimeSpan.Zero)]));
        Assert.Single(await guest.PollAsync([PollSubscription.At(0, Realtime)]));
        Assert.Single(await guest.PollAsync([PollSubscription.At(1_000, Realtime)]));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(await guest.PollAsync([PollSubscription.At(1_000_000_000, Monotonic)]));
    }

    [Fact]
    public async Task ATimeThatIsTooLateIsWaitedForAllTheSame()
    {
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithClock(_clock));
        using var source = new CancellationTokenSource();
        var sleeps = new[]
        {
            PollSubscription.After(TimeSpan.Zero) with { Timeout = ulong.MaxValue },
            PollSubscription.At(ulong.MaxValue, Realtime),
            PollSubscription.At(ulong.MaxValue, Monotonic),
        }.Select((subscription, i) => guest.PollAsync([subscription], 2048 + 512 * i, source.Token)).Append(guest.PollAsync(
            [PollSubscription.After(TimeSpan.Zero) with { Timeout = ulong.MaxValue }, PollSubscription.At(ulong.MaxValue, Realtime)], 8192, source.Token)).ToList();
        await WaitForTimersAsync(4);
        _clock.Advance(TimeSpan.FromDays(30));
        await WaitForTimersAsync(4);
        await source.CancelAsync();
        foreach (var sleep in sleeps)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sleep);
        await WaitForTimersAsync(0);
    }

    [Fact]
    public async Task AllThatIsReadyIsTold()
    {
        using var pair = await SocketPair.ConnectAsync();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithClock(_clock).WithSocket(pair.Guest).WithInput("hello"));
        await pair.SendAsync("1234");
        await guest.PollAsync([3]);
        var events = await guest.PollAsync(
        [
            PollSubscription.After(TimeSpan.FromSeconds(1)) with { UserData = 1 },
            PollSubscription.After(TimeSpan.Zero) with { UserData = 2 },
            PollSubscription.Read(0) with { UserData = 3 },
            PollSubscription.Read(3) with { UserData = 4 },
            PollSubscription.Write(3) with { UserData = 5 },
            PollSubscription.Write(1) with { UserData = 6 },
        ]);
        Assert.Equal(
            [new(2, Errno.None, 0, 0, false), new(3, Errno.None, 1, 5, false), new(4, Errno.None, 1, 4, false), new(5, Errno.None, 2, 0, false), new(6, Errno.None, 2, 0, false)],
            events);
        Assert.Empty(_clock.Due);
    }

    [Fact]
    public async Task TheSoonestOfSeveralTimesEndsTheWait()
    {
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithClock(_clock));
        var poll = guest.PollAsync(
        [
            PollSubscription.After(TimeSpan.FromSeconds(3)) with { UserData = 1 },
            PollSubscription.After(TimeSpan.FromSeconds(1)) with { UserData = 2 },
            PollSubscription.After(TimeSpan.FromSeconds(1)) with { UserData = 3 },
        ]);
        await WaitForTimersAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([2L, 3L], (await poll).Select(happened => happened.UserData));
    }

    [Fact]
    public async Task WhatIsWrongWithASubscriptionIsAnEvent()
    {
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithClock(_clock));
        var events = await guest.PollAsync(
        [
            PollSubscription.Read(99) with { UserData = 1 },
            PollSubscription.Write(0) with { UserData = 2 },
            PollSubscription.Read(1) with { UserData = 3 },
            PollSubscription.After(TimeSpan.FromSeconds(1), 99) with { UserData = 4 },
            new PollSubscription(5, 77, 0),
            PollSubscription.After(TimeSpan.FromSeconds(1)) with { UserData = 6 },
        ]);
        Assert.Equal([(1, Errno.EBADF), (2, Errno.ENOTCAPABLE), (3, Errno.ENOTCAPABLE), (4, Errno.EINVAL), (5, Errno.EINVAL)], events.Select(found => ((int)found.UserData, found.Error)));
        Assert.Equal((4, Errno.EINVAL), await guest.PollAsync([PollSubscription.After(TimeSpan.Zero, 99) with { UserData = 4 }]) is [var only] ? ((int)only.UserData, only.Error) : default);
        Assert.Equal(Errno.EINVAL, await guest.CallAsync("poll_oneoff", 0, 0, 0, 0));
    }

    private async Task WaitForTimersAsync(int count)
    {
        while (_clock.Due.Count != count)
            await Task.Delay(1);
    }
}
