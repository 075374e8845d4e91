using System.Diagnostics;

namespace Fermata.Structure;

/// <summary>What loading one module may still cost: whoever does work for it spends steps, and the load ends when it is cancelled or its time is over.</summary>
/// <remarks>A step is what takes some 0.1 to 1 µs, such as an instruction in one of the passes over it. Not safe for use by several threads.</remarks>
/// <param name="time">How long the load may take; infinite by default.</param>
/// <param name="cancellationToken">Ends the load.</param>
internal sealed class LoadBudget(TimeSpan? time = null, CancellationToken cancellationToken = default)
{
    private const int StepsBetweenLooks = 4_096;

    private readonly TimeSpan _time = time ?? Timeout.InfiniteTimeSpan;
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _steps;

    /// <summary>The index of the function that is being worked on, for messages.</summary>
    public int? Function { get; set; }

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
        cancellationToken.ThrowIfCancellationRequested();
        if (_time != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(_start) > _time)
            throw LoadLimitException.OfTime(_time, Function);
    }
}
