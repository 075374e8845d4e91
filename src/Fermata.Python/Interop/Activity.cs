namespace Fermata.Python.Interop;

/// <summary>Whether Python runs: code of a call that is not suspended.</summary>
internal sealed class Activity
{
    private readonly Lock _lock = new();
    private Action<bool>? _changed;
    private int _running;

    /// <summary>Code begins to run.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            if (_running++ == 0)
                _changed?.Invoke(true);
        }
    }

    /// <summary>Code does not run any more, as it has ended or waits.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (--_running == 0)
                _changed?.Invoke(false);
        }
    }

    /// <summary>Has somebody told whether Python runs, now and whenever that changes, in the place of whoever was told before.</summary>
    /// <param name="changed">Is called with little time to spend.</param>
    public void Watch(Action<bool> changed)
    {
        lock (_lock)
        {
            _changed = changed;
            changed(_running > 0);
        }
    }
}
