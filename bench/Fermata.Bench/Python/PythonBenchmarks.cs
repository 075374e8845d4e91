namespace Fermata.Bench;

/// <summary>Python of <c>Fermata.Python</c> beside the same interpreter in Node, with the JavaScript of Pyodide.</summary>
internal static class PythonBenchmarks
{
    public static IReadOnlyList<BenchmarkEntry> All { get; } =
    [
        OfKernel("fannkuch", "permutations: lists and small numbers"),
        OfKernel("nbody", "bodies that attract each other: floating-point numbers in attributes"),
        OfKernel("trees", "a tree of objects: methods, comparisons, generators"),
        OfKernel("words", "text: formatted, counted, sorted"),
        Entry("run-sync", "one run_sync of a function of the host, which is never done at once") with
        {
            Unit = "µs",
            WarmUp = TimeSpan.FromSeconds(8),
            Prepare = Prepare(() => new RunSync()),
            Script = ["python/run-sync", $"{RunSync.Times}"],
        },
        Start("start-pyodide-cli", "the start of fermata python without a cache; in Node that of Pyodide") with
        {
            Tool = PythonStart.Cold,
            Script = ["python/start"],
        },
        Start("start-pyodide-cli-cached", "the same with caches; in Node from a snapshot") with
        {
            Tool = PythonStart.Cached,
            Script = ["python/start", PythonStart.Snapshot],
            FillCacheAsync = PythonStart.FillCachesAsync,
        },
        Entry("further-interpreter", "a further interpreter of a process; in Node from a snapshot") with
        {
            WarmUp = TimeSpan.FromSeconds(4),
            Prepare = Prepare(() => new FurtherInterpreter()),
            Script = ["python/further"],
        },
    ];

    private static BenchmarkEntry OfKernel(string name, string description) => Entry($"pyodide-{name}", description) with
    {
        WarmUp = TimeSpan.FromSeconds(16),
        Prepare = Prepare(() => new PythonWork(name)),
        Script = ["python/kernel", name],
    };

    private static BenchmarkEntry Start(string name, string description) => Entry(name, description) with { MeasuresStart = true, IsOneShot = true };

    private static BenchmarkEntry Entry(string name, string description) => new(name, "ms", description) { Group = Group.Python, IsQuick = false };

    private static Dictionary<EngineKind, Func<IBenchmark>> Prepare(Func<IBenchmark> inFermata) => new() { [EngineKind.Fermata] = inFermata };
}
