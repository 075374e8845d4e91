using System.Diagnostics;
using Fermata.Wasi;

namespace Fermata.Fuzz.Wasi.Deadlines;

/// <summary>Measures how late calls end that are to end: how much processor time the thread that makes the call, and the one that ends it, still use.</summary>
internal sealed class DeadlineMeasurement(LongCall call, int moments)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3), Patience = TimeSpan.FromMinutes(1);

    /// <summary>How long the call takes, and how late it is at most: in processor time when it is cancelled, when its store is disposed, and by the clock.</summary>
    public async Task<(TimeSpan Full, TimeSpan Cancelled, TimeSpan Disposed, TimeSpan ByClock)> RunAsync()
    {
        // The first time all is cold.
        await MeasureAsync(Longest, isDisposed: false).ConfigureAwait(false);
        var full = await MeasureAsync(Longest, isDisposed: false).ConfigureAwait(false);
        var (cancelled, disposed, byClock) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < moments; i++)
        {
            var delay = full.Total * ((i + 0.5) / moments);
            var first = await MeasureAsync(delay, isDisposed: false).ConfigureAwait(false);
            var second = await MeasureAsync(delay, isDisposed: true).ConfigureAwait(false);
            (cancelled, disposed) = (Later(cancelled, first.Late), Later(disposed, second.Late));
            byClock = Later(byClock, Later(first.LateByClock, second.LateByClock));
        }

        return (full.Total, cancelled, disposed, byClock);
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>Makes the call once, and ends it after a while unless it has ended by itself.</summary>
    private async Task<(TimeSpan Total, TimeSpan Late, TimeSpan LateByClock)> MeasureAsync(TimeSpan delay, bool isDisposed)
    {
        var builder = new WasiBuilder();
        using var given = call.Give(builder);
        var guest = await DeadlineGuest.CreateAsync(builder).ConfigureAwait(false);
        await using var disposesGuest = guest.ConfigureAwait(false);
        var arguments = await call.Prepare(guest).ConfigureAwait(false);
        GC.Collect();
        using var cancellation = new CancellationTokenSource();
        using var runner = new Runner(() => guest.CallAsync(call.Function, arguments, cancellation.Token));
        var hasEnded = runner.Wait(delay);
        var start = Stopwatch.GetTimestamp();
        var before = Moment(runner.Clock);
        var ending = new ThreadClock();
        var endingBefore = ending.Used;
        if (isDisposed)
            guest.Store.Dispose();
        else
            cancellation.Cancel();
        ending.Stop();
        if (!runner.Wait(Patience))
            throw new FuzzException($"{call.Function} ({call.Name}) does not end.");
        return hasEnded ? (runner.Total, default, default) : (runner.Total, Moment(runner.Clock) - before + ending.Used - endingBefore, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>What the thread has used, but for what the collector of garbage and the JIT may have done on it.</summary>
    private static TimeSpan Moment(ThreadClock clock) => clock.Used - GC.GetTotalPauseDuration() - System.Runtime.JitInfo.GetCompilationTime();

    /// <summary>A call on a thread of its own.</summary>
    private sealed class Runner : IDisposable
    {
        private readonly ManualResetEventSlim _hasStarted = new(), _hasEnded = new();

        public Runner(Func<Task> run)
        {
            new Thread(() =>
            {
                Clock = new ThreadClock();
                _hasStarted.Set();
                var start = Stopwatch.GetTimestamp();
                run().ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
                Total = Stopwatch.GetElapsedTime(start);
                Clock.Stop();
                _hasEnded.Set();
            })
            { IsBackground = true }.Start();
            _hasStarted.Wait();
        }

        public ThreadClock Clock { get; private set; } = null!;

        public TimeSpan Total { get; private set; }

        public bool Wait(TimeSpan time) => _hasEnded.Wait(time);

        public void Dispose()
        {
            _hasStarted.Dispose();
            _hasEnded.Dispose();
        }
    }
}
