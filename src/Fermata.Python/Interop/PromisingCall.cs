using System.Diagnostics;

namespace Fermata.Python.Interop;

/// <summary>A call that may wait: what Pyodide calls a suspender.</summary>
internal sealed class PromisingCall
{
    /// <summary>How long it may compute before it is interrupted, and again.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    private volatile bool _hasEnded;
    private int _isRunning;
    private volatile bool _isWoken;
    private long _askedAt;

    /// <summary>Whether it has ended, in whatever way.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Whether it is that of a main program, whose waits an interrupt ends.</summary>
    public bool IsMain { get; init; }

    /// <summary>That the host cancels it; null if it cannot.</summary>
    public CallCancellation? Cancellation { get; init; }

    /// <summary>Cancelled when nobody waits any more for what functions of the host do for it.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Cancelled when something is lost for which it may wait, unless it has heard of that, and when the interpreter ends (<see cref="LostContinuations"/>).</summary>
    public CancellationToken Lost { get; set; }

    /// <summary>Notes whether it runs, rather than waits or has ended.</summary>
    /// <returns>Whether that is new.</returns>
    public bool SetRunning(bool isRunning)
    {
        if (!isRunning)
            (_askedAt, WasInterrupted) = (0, false);
        return Interlocked.Exchange(ref _isRunning, isRunning ? 1 : 0) != (isRunning ? 1 : 0);
    }

    /// <summary>Whether it was interrupted since it last waited.</summary>
    public bool WasInterrupted { get; private set; }

    /// <summary>Has the next <see cref="TryInterrupt"/> interrupt it at once, as it reads standard input.</summary>
    public void Wake() => _isWoken = true;

    /// <summary>Interrupts it, if it has computed for a while since this was first asked, and again after that: what ends soon hears of it where it waits, and loses nothing.</summary>
    public bool TryInterrupt()
    {
        if (!_isWoken && (_askedAt == 0 || Stopwatch.GetElapsedTime(_askedAt) < Grace))
        {
            _askedAt = _askedAt == 0 ? Stopwatch.GetTimestamp() : _askedAt;
            return false;
        }

        (_isWoken, _askedAt, WasInterrupted) = (false, Stopwatch.GetTimestamp(), true);
        return true;
    }

    /// <summary>Notes that it has ended.</summary>
    public void End() => _hasEnded = true;
}
