namespace Fermata.Samples.Tests;

/// <summary>A clock whose time passes only when a test says so, and then at once.</summary>
internal sealed class ImpatientClock : TimeProvider
{
    private readonly PriorityQueue<Alarm, TimeSpan> _alarms = new();
    private TimeSpan _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(callback, state);
        _alarms.Enqueue(alarm, _now + dueTime);
        return alarm;
    }

    /// <summary>Jumps to the next moment at which somebody wants to be woken, and wakes them on this thread; false if nobody does.</summary>
    public bool Advance()
    {
        if (!_alarms.TryDequeue(out var alarm, out _now))
            return false;
        alarm.Ring();
        return true;
    }

    private sealed class Alarm(TimerCallback callback, object? state) : ITimer
    {
        private bool _isDisposed;

        public void Ring()
        {
            if (!_isDisposed)
                callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => _isDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
