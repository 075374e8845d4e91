namespace Fermata.Emscripten;

/// <summary>The timers of <c>setitimer</c>: when one has run down, the program's own code raises the signal, and sets it anew.</summary>
internal sealed class IntervalTimers : IDisposable
{
    private const string Handler = "_emscripten_timeout";

    private readonly Lock _lock = new();
    private readonly Dictionary<int, ITimer> _timers = [];
    private bool _isDisposed;

    public bool Any
    {
        get
        {
            lock (_lock)
                return _timers.Count > 0;
        }
    }

    /// <summary>Sets a timer.</summary>
    /// <param name="caller">Whoever calls.</param>
    /// <param name="which">Which one.</param>
    /// <param name="milliseconds">After how long it runs down; 0 to stop it.</param>
    public int Set(Caller caller, int which, double milliseconds)
    {
        var context = EmscriptenContext.Of(caller);
        lock (_lock)
        {
            if (_timers.Remove(which, out var timer))
                timer.Dispose();
            if (milliseconds > 0 && !_isDisposed && context.Exports.Find(Handler) is { } handler)
            {
                var after = TimeSpan.FromMilliseconds(Math.Min(milliseconds, int.MaxValue));
                _timers[which] = context.Wasi.Clock.CreateTimer(_ => RunDown(context, handler, which), null, after, Timeout.InfiniteTimeSpan);
            }
        }

        return 0;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (var timer in _timers.Values)
                timer.Dispose();
            _timers.Clear();
        }
    }

    private static void RunDown(EmscriptenContext context, Function handler, int which)
    {
        var now = context.Wasi.Elapsed.TotalMilliseconds;
        context.RunBeside(() => handler.InvokeAsync(which, now));
    }
}
