using System.Diagnostics;

namespace Fermata.Structure;

/// <summary>What loading one module may still cost: whoever does work for it spends steps, and the load ends when it is cancelled or its time is over.</summary>
/// <remarks>A step is what takes some 0.1 to 1 µs, such as an instruction in one of the passes over it. Not safe for use by several threads: each takes <see cref="ForThread"/>.</remarks>
internal sealed class LoadBudget
{
    private const int StepsBetweenLooks = 4_096;

    private readonly TimeSpan _time;
    private readonly long _start;
    private readonly CancellationToken _cancellationToken;
    private int _steps;

    /// <param name="time">How long the load may take from now on; infinite by default.</param>
    /// <param name="cancellationToken">Ends the load.</param>
    public LoadBudget(TimeSpan? time = null, CancellationToken cancellationToken = default)
        : this(time ?? Timeout.InfiniteTimeSpan, Stopwatch.GetTimestamp(), cancellationToken)
    {
    }

    private LoadBudget(TimeSpan time, long start, CancellationToken cancellationToken)
    {
        _time = time;
        _start = start;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The index of the function that is being worked on, for messages.</summary>
    public int? Function { get; set; }

    /// <summary>The same budget, for another thread that works for the load.</summary>
    public LoadBudget ForThread() => new(_time, _start, _cancellationToken);

    /// <summary>Takes steps from the budget, once in a while with a look whether the load has to end.</summary>
    /// <exception cref="OperationCanceledException">The load was cancelled.</exception>
    /// <exception cref="LoadLimitException">The time is over.</exception>
    public void Spend(int steps = 1)
    {
        _steps -= steps;
        if (_steps < 0)
            Look();
    }

    private void Look()
    {
        _steps = StepsBetweenLooks;
        _cancellationToken.ThrowIfCancellationRequested();
        if (_time != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(_start) > _time)
            throw LoadLimitException.OfTime(_time, Function);
    }
}
