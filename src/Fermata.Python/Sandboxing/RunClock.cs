using System.Diagnostics;

namespace Fermata.Python.Sandboxing;

/// <summary>Measures for how long code computes and for how long it waits, and tells when one of both is too long.</summary>
internal sealed class RunClock : IDisposable
{
    /// <summary>As long as timers may run, and no code does.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    private readonly Lock _lock = new();
    private readonly TimeSpan[] _limits, _spent = new TimeSpan[2];
    private readonly Action<PythonErrorKind> _exceeded;
    private readonly Timer _timer;
    private long _since = Stopwatch.GetTimestamp();
    private bool _isComputing, _hasEnded;

    /// <param name="computing">The most time that it may compute; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="waiting">The most time that it may wait, in the same way.</param>
    /// <param name="exceeded">Is called once, on the pool, if it does either for longer.</param>
    public RunClock(TimeSpan computing, TimeSpan waiting, Action<PythonErrorKind> exceeded)
    {
        (_limits, _exceeded) = ([Bounded(waiting), Bounded(computing)], exceeded);
        _timer = new Timer(static clock => ((RunClock)clock!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    /// <summary>How long it computed.</summary>
    public TimeSpan Computing => Spent(computing: true);

    /// <summary>How long it waited.</summary>
    public TimeSpan Waiting => Spent(computing: false);

    private int Current => _isComputing ? 1 : 0;

    /// <summary>Code computes from now on, or waits.</summary>
    public void Switch(bool isComputing)
    {
        lock (_lock)
        {
            if (_hasEnded)
                return;
            Count();
            _isComputing = isComputing;
            Arm();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            Count();
            _hasEnded = true;
        }

        _timer.Dispose();
    }

    private static TimeSpan Bounded(TimeSpan limit) => limit == Timeout.InfiniteTimeSpan || limit > Longest ? Longest : limit;

    private TimeSpan Spent(bool computing)
    {
        lock (_lock)
        {
            Count();
            return _spent[computing ? 1 : 0];
        }
    }

    private void Count()
    {
        var now = Stopwatch.GetTimestamp();
        if (!_hasEnded)
            _spent[Current] += Stopwatch.GetElapsedTime(_since, now);
        _since = now;
    }

    private void Arm()
    {
        // A timer's milliseconds are whole: one more, rather than in vain.
        var left = _limits[Current] - _spent[Current] + TimeSpan.FromMilliseconds(1);
        _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        PythonErrorKind kind;
        lock (_lock)
        {
            if (_hasEnded)
                return;
            Count();
            if (_spent[Current] < _limits[Current])
            {
                Arm();
                return;
            }

            _hasEnded = true;
            kind = _isComputing ? PythonErrorKind.ComputingTime : PythonErrorKind.WaitingTime;
        }

        _exceeded(kind);
    }
}
