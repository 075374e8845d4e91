using Fermata.Tests.Suspension;

namespace Fermata.Tests.Threads;

/// <summary>Two stores that wait for each other, over and over: no wake-up is lost.</summary>
public sealed class PingPongTests
{
    private const int Rounds = 1_000;

    /// <summary>The word at 0 says whose turn it is; each waits until it is its own, and gives it to the other.</summary>
    private const string Program = """
        (func (export "play") (param $me i32) (param $rounds i32)
          (loop $round
            (loop $again
              (drop (memory.atomic.wait32 (i32.const 0) (i32.eqz (local.get $me)) (i64.const -1)))
              (br_if $again (i32.ne (i32.atomic.load (i32.const 0)) (local.get $me))))
            (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
            (i32.atomic.store (i32.const 0) (i32.eqz (local.get $me)))
            (drop (memory.atomic.notify (i32.const 0) (i32.const -1)))
            (br_if $round (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1))))))
        """;

    [Fact]
    public void ThreadsPlay()
    {
        using var guest = new SharedGuest();
        var players = Enumerable.Range(0, 2).Select(me => (me, guest.Instantiate(Program).GetFunction<Action<int, int>>("play"))).ToList();
        SharedGuest.RunOnThreads(players, player => player.Item2(player.me, Rounds));
        Assert.Equal(2 * Rounds, guest.Memory.Read<int>(8));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SuspendedCallsPlay(bool suspendEverywhere)
    {
        using var guest = new SharedGuest(suspendEverywhere);
        var players = Enumerable.Range(0, 2).Select(_ => guest.Instantiate(Program).GetFunction<Func<int, int, Task>>("play")).ToList();
        await Task.WhenAll(players[0](0, Rounds), players[1](1, Rounds)).InTime();
        Assert.Equal(2 * Rounds, guest.Memory.Read<int>(8));
    }

    [Fact]
    public async Task CallsOfOneStorePlay()
    {
        using var guest = new SharedGuest();
        var play = guest.Instantiate(Program).GetFunction<Func<int, int, Task>>("play");
        await Task.WhenAll(play(0, Rounds), play(1, Rounds)).InTime();
        Assert.Equal(2 * Rounds, guest.Memory.Read<int>(8));
    }

    [Fact]
    public async Task AThreadPlaysWithASuspendedCall()
    {
        using var guest = new SharedGuest();
        var thread = guest.Instantiate(Program).GetFunction<Action<int, int>>("play");
        var call = guest.Instantiate(Program).GetFunction<Func<int, int, Task>>("play")(1, Rounds);
        SharedGuest.RunOnThreads([thread], play => play(0, Rounds));
        await call.InTime();
        Assert.Equal(2 * Rounds, guest.Memory.Read<int>(8));
    }

    [Fact]
    public async Task CancellationsAndNotificationsThatMeetLoseNothing()
    {
        // Whoever is not cancelled is notified in the end.
        const int Calls = 500;
        using var guest = new SharedGuest();
        using var source = new CancellationTokenSource();
        var wait = guest.Instantiate("""(func (export "wait") (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 1_000_000_000_000))))""")
            .GetFunction<Func<CancellationToken, Task>>("wait");
        var tasks = Enumerable.Range(0, Calls).Select(i => wait(i % 2 == 0 ? source.Token : CancellationToken.None)).ToList();
        Action cancel = source.Cancel;
        Action notify = () => Assert.True(SpinWait.SpinUntil(() => guest.Memory.Notify(0, 7) == 0, TimeSpan.FromMinutes(5)));
        SharedGuest.RunOnThreads([cancel, notify], run => run());
        await Task.WhenAll(tasks.Where((_, i) => i % 2 != 0)).InTime();
        foreach (var task in tasks.Where((_, i) => i % 2 == 0))
            Assert.True(await Record.ExceptionAsync(() => task.InTime()) is null or OperationCanceledException);
        Assert.Equal(0, guest.Memory.Notify(0));
    }
}
