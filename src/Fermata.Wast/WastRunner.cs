namespace Fermata.Wast;

/// <summary>Runs scripts of the specification's test suite on an engine.</summary>
/// <remarks>Every script gets a store of its own, with the host module <c>spectest</c> that the suite relies on.</remarks>
public sealed class WastRunner
{
    private readonly Engine _engine;
    private readonly TextWriter _output;

    /// <summary>A runner.</summary>
    /// <param name="engine">The engine that is tested.</param>
    /// <param name="output">Where the print functions of <c>spectest</c> write; null for nowhere.</param>
    public WastRunner(Engine engine, TextWriter? output = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
        _output = output ?? TextWriter.Null;
    }

    /// <summary>A runner on an engine of its own.</summary>
    /// <param name="suspendsEverywhere">Whether every call that returns unwinds the whole stack into frames, and goes on from them at once. Slow; results are the same.</param>
    /// <param name="splitsEverywhere">Whether every function is compiled in pieces of few instructions. Slow; results are the same.</param>
    /// <param name="boundsChecks">How code finds out that it accesses a memory beyond its end; results are the same.</param>
    public WastRunner(bool suspendsEverywhere, bool splitsEverywhere = false, BoundsChecks boundsChecks = BoundsChecks.Automatic)
        : this(new Engine(new EngineOptions { SuspendEverywhere = suspendsEverywhere, SplitEverywhere = splitsEverywhere, BoundsChecks = boundsChecks }))
    {
    }

    /// <summary>The form that modules are written in, and read from, before they are compiled.</summary>
    public RoundTripForm RoundTrip { get; init; }

    /// <summary>Whether modules are compiled into assemblies first, and loaded from those; results are the same. Modules for which that cannot be are compiled as ever.</summary>
    public bool Persists { get; init; }

    /// <summary>
    /// Whether calls stop at the first entries of functions and heads of loops that they come to: their store is written as a snapshot there, and they go on in one that is made of it. After other
    /// calls this is done with what is between calls. Slow; results are the same.
    /// </summary>
    public bool SnapshotsEverywhere { get; init; }

    /// <summary>Runs a script to its end. What fails is in the report.</summary>
    /// <param name="script">The script.</param>
    public WastReport Run(WastScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        using var run = new WastRun(_engine, script.Name, script.Commands, TextWriter.Synchronized(_output), RoundTrip)
        {
            Persists = Persists,
            Snapshots = SnapshotsEverywhere ? new SnapshotCounts() : null,
        };
        return new WastReport(script, run.Execute(), run.Snapshots);
    }
}
