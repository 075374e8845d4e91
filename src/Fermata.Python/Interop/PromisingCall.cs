namespace Fermata.Python.Interop;

/// <summary>A call that may wait: what Pyodide calls a suspender.</summary>
internal sealed class PromisingCall
{
    private volatile bool _hasEnded;

    /// <summary>Whether it has ended, in whatever way.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Whether it is that of a main program, whose waits an interrupt ends.</summary>
    public bool IsMain { get; init; }

    /// <summary>Notes that it has ended.</summary>
    public void End() => _hasEnded = true;
}
