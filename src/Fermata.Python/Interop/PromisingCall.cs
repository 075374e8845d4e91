namespace Fermata.Python.Interop;

/// <summary>A call that may wait: what Pyodide calls a suspender.</summary>
internal sealed class PromisingCall
{
    private volatile bool _hasEnded;
    private int _isRunning;

    /// <summary>Whether it has ended, in whatever way.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Whether it is that of a main program, whose waits an interrupt ends.</summary>
    public bool IsMain { get; init; }

    /// <summary>Cancelled when nobody waits any more for what functions of the host do for it.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Notes whether it runs, rather than waits or has ended.</summary>
    /// <returns>Whether that is new.</returns>
    public bool SetRunning(bool isRunning) => Interlocked.Exchange(ref _isRunning, isRunning ? 1 : 0) != (isRunning ? 1 : 0);

    /// <summary>Notes that it has ended.</summary>
    public void End() => _hasEnded = true;
}
