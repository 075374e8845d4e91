using Fermata.Python.Views;

namespace Fermata.Python.Interop;

/// <summary>What drives Pyodide's event loop: it asks for calls after some time, which are begun in the order of their times, and no thread waits for them.</summary>
internal sealed class EventLoop(Interpreter python) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<HostMethod, (long Due, long Number)> _calls = new();
    private ITimer? _timer;
    private long _count;
    private bool _isRunning;

    /// <summary>The module <c>pyodide_js</c>, as far as Pyodide's Python code needs it.</summary>
    public HostNamespace Module => new()
    {
        ["_api"] = new HostNamespace
        {
            ["scheduleCallback"] = (HostMethod)(arguments => Schedule((HostMethod)arguments[0]!, Convert.ToDouble(arguments.Count > 1 ? arguments[1] : 0, null))),
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
            _calls.Enqueue(call, (due, _count++));
            if (!_isRunning)
                Arm();
        }

        return null;
    }

    /// <summary>Waits for the first call.</summary>
    private void Arm()
    {
        if (python.Ending.IsCancellationRequested || !_calls.TryPeek(out _, out var first))
            return;
        var now = python.Clock.GetTimestamp();
        if (first.Due <= now)
        {
            _isRunning = true;
            ThreadPool.UnsafeQueueUserWorkItem(static loop => loop.Run(), this, preferLocal: false);
            return;
        }

        // A timer's milliseconds are whole: one more, rather than in vain.
        var delay = python.Clock.GetElapsedTime(now, first.Due) + TimeSpan.FromMilliseconds(1);
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
                if (python.Ending.IsCancellationRequested || !_calls.TryPeek(out _, out var first) || first.Due > python.Clock.GetTimestamp())
                {
                    _isRunning = false;
                    Arm();
                    return;
                }

                call = _calls.Dequeue();
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
