using Fermata.Python.Views;

namespace Fermata.Python.Interop;

/// <summary>What drives Pyodide's event loop: it asks for calls after some time, which are begun in the order of their times, and no thread waits for them.</summary>
internal sealed class EventLoop(Interpreter python) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    private readonly Lock _lock = new();

    /// <summary>The calls to come, by their numbers.</summary>
    private readonly Dictionary<long, HostMethod> _calls = [];

    /// <summary>The order of their numbers, and of some that were cancelled.</summary>
    private readonly PriorityQueue<long, (long Due, long Number)> _order = new();
    private ITimer? _timer;
    private long _count;
    private bool _isRunning;

    /// <summary>The module <c>pyodide_js</c>, as far as Pyodide's Python code needs it.</summary>
    public HostNamespace Module => new()
    {
        ["_api"] = new HostNamespace
        {
            ["scheduleCallback"] = (HostMethod)(arguments => Schedule((HostMethod)arguments[0]!, Convert.ToDouble(arguments.Count > 1 ? arguments[1] : 0, null))),
            ["scheduled"] = (HostMethod)(_ => _count),
            ["unschedule"] = (HostMethod)(arguments => Unschedule(Convert.ToInt64(arguments[0], null))),
            ["lose"] = (HostMethod)(_ => { python.Lost.TellAll(); return null; }),
            ["cancelWait"] = (HostMethod)(arguments => python.Waits.Cancel(unchecked((int)Convert.ToInt64(arguments[0], null)))),
            ["config"] = new HostNamespace { ["enableRunUntilComplete"] = true },
        },
        ["loadedPackages"] = new HostNamespace(),
    };

    public void Dispose() => _timer?.Dispose();

    private object? Schedule(HostMethod call, double milliseconds)
    {
        lock (_lock)
        {
            var due = python.Clock.GetTimestamp() + (long)(Math.Max(milliseconds, 0) / 1000 * python.Clock.TimestampFrequency);
            _calls.Add(++_count, call);
            _order.Enqueue(_count, (due, _count));
            if (!_isRunning)
                Arm();
        }

        return null;
    }

    /// <summary>Forgets a call, and what it holds of Python.</summary>
    private object? Unschedule(long number)
    {
        HostMethod? call;
        lock (_lock)
        {
            if (!_calls.Remove(number, out call))
                return null;

            // Each number is moved once for one that is left out.
            if (_order.Count > 2 * _calls.Count + 100)
            {
                var left = _order.UnorderedItems.Where(item => _calls.ContainsKey(item.Element)).ToList();
                _order.Clear();
                _order.EnqueueRange(left);
            }
        }

        (call.Target as IDisposable)?.Dispose();
        return null;
    }

    /// <summary>When the next call is due, if there is one. The lock is held.</summary>
    private bool TryPeek(out long due)
    {
        while (_order.TryPeek(out var number, out var place))
        {
            due = place.Due;
            if (_calls.ContainsKey(number))
                return true;
            _order.Dequeue();
        }

        due = 0;
        return false;
    }

    /// <summary>Waits for the first call.</summary>
    private void Arm()
    {
        if (python.Ending.IsCancellationRequested || !TryPeek(out var due))
            return;
        var now = python.Clock.GetTimestamp();
        if (due <= now)
        {
            _isRunning = true;
            ThreadPool.UnsafeQueueUserWorkItem(static loop => loop.Run(), this, preferLocal: false);
            return;
        }

        // A timer's milliseconds are whole: one more, rather than in vain.
        var delay = python.Clock.GetElapsedTime(now, due) + TimeSpan.FromMilliseconds(1);
        _timer ??= python.Clock.CreateTimer(static loop => ((EventLoop)loop!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(delay < Longest ? delay : Longest, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        lock (_lock)
        {
            if (!_isRunning)
                Arm();
        }
    }

    /// <summary>Begins the calls whose time has come.</summary>
    private void Run()
    {
        while (true)
        {
            HostMethod call;
            lock (_lock)
            {
                if (python.Ending.IsCancellationRequested || !TryPeek(out var due) || due > python.Clock.GetTimestamp())
                {
                    _isRunning = false;
                    Arm();
                    return;
                }

                _ = _calls.Remove(_order.Dequeue(), out call!);
            }

            _ = CallAsync(call);
        }
    }

    private async Task CallAsync(HostMethod call)
    {
        try
        {
            await ((Task)call([])!).ConfigureAwait(false);
        }
        catch (PythonException e)
        {
            python.Lost.Tell(e);
        }
        catch (Exception e)
        {
            // Nobody hears of what was to go on here.
            python.Fail(e);
        }
    }
}
