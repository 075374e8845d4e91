namespace Fermata.Bench;

/// <summary>A row of the table: something in Fermata, and the same in other engines.</summary>
/// <param name="Name">The name of the row.</param>
/// <param name="Unit">What is measured; less is better, unless it is a rate.</param>
/// <param name="Description">A line for the help text.</param>
internal sealed record BenchmarkEntry(string Name, string Unit, string Description)
{
    private static readonly EngineKind[] ProgramEngines = [EngineKind.Fermata, EngineKind.V8, EngineKind.Wasmtime];

    /// <summary>Where it stands in the documents.</summary>
    public Group Group { get; init; } = Group.Calls;

    /// <summary>What its figures are.</summary>
    public Measure Measure { get; init; } = Measure.Processor;

    /// <summary>What is prepared and measured in a process of .NET: in Fermata, in Wasmtime, or in native code.</summary>
    public IReadOnlyDictionary<EngineKind, Func<IBenchmark>> Prepare { get; init; } = new Dictionary<EngineKind, Func<IBenchmark>>();

    /// <summary>The name of the script in <c>bench/v8</c> and its arguments; empty if it is not measured in V8.</summary>
    public IReadOnlyList<string> Script { get; init; } = [];

    /// <summary>The program whose rounds or start are measured instead, from outside of its process; null if there is none.</summary>
    public WasiCommand? Program { get; init; }

    /// <summary>Whether the start of the program is measured, in a new process each time, and not its rounds.</summary>
    public bool MeasuresStart { get; init; }

    /// <summary>What <c>fermata</c> is to do, whose start is measured until it prints that it is ready; empty if something else is measured.</summary>
    public IReadOnlyList<string> Tool { get; init; } = [];

    /// <summary>Puts into caches what the measured processes are to find there; null for nothing.</summary>
    public Func<Task>? FillCacheAsync { get; init; }

    /// <summary>Whether each round needs a process of its own, and no warming up.</summary>
    public bool IsOneShot { get; init; }

    /// <summary>Whether <c>--quick</c> has it.</summary>
    public bool IsQuick { get; init; } = true;

    /// <summary>For how long an engine runs it before it is measured, in processor time.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Whether the command line of Fermata is run, and not the library in a process of this program.</summary>
    public bool RunsTool => Program is not null || Tool.Count > 0;

    /// <summary>The engines in which it is measured.</summary>
    public IEnumerable<EngineKind> Engines => Program is null
        ? Prepare.Keys.Concat(Tool.Count > 0 ? [EngineKind.Fermata] : []).Concat(Script.Count > 0 ? [EngineKind.V8] : []).Order()
        : Program.Cache is null ? ProgramEngines : ProgramEngines.Except([EngineKind.Wasmtime]);
}
