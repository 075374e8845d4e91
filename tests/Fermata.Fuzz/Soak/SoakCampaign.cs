using System.Diagnostics;

namespace Fermata.Fuzz.Soak;

/// <summary>Runs hostile modules, one after another, and notes what they hurt.</summary>
/// <param name="isAlone">
/// Whether nothing else runs in the process, so that the processor time and the memory that it uses can be told to be those of a run. Otherwise lateness is by the clock, with
/// a bound that a machine under load keeps to.
/// </param>
internal sealed class SoakCampaign(bool isAlone)
{
    private const int RunsPerModule = 4;
    private const int Repetitions = 5;

    private static readonly TimeSpan MostLate = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MostLateUnderLoad = TimeSpan.FromSeconds(60);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly SortedDictionary<string, int> _results = [];
    private int _runs;
    private int _modules;
    private Moment _latest;

    public List<Finding> Findings { get; } = [];

    /// <summary>How many runs had calls that did not end by themselves.</summary>
    public int Ended { get; private set; }

    /// <summary>Whether a run hangs, so that there is no use in going on.</summary>
    public bool HasHung { get; private set; }

    /// <summary>Makes a module of a seed, and runs it.</summary>
    public void Run(ulong seed)
    {
        var random = new RandomSource(seed);
        var hostile = HostileModule.Make(random);
        var engine = new Engine(SoakPlan.Engine(random));
        try
        {
            Run(seed, random, hostile, engine);
        }
#pragma warning disable CA1031 // Whatever it is, it is not for the caller of a load, an instantiation or a disposal that should succeed.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Findings.Add(new Finding(seed, $"{e}", Describe(engine.Options), hostile.Text));
        }
    }

    public override string ToString()
    {
        var results = string.Join(", ", _results.OrderByDescending(result => result.Value).Select(result => $"{result.Value} {result.Key}"));
        var megabytes = (GC.GetTotalMemory(forceFullCollection: false) >> 20, Environment.WorkingSet >> 20);
        return $"{_runs} runs of {_modules} modules in {_watch.Elapsed:hh\\:mm\\:ss}, {Ended} ended from outside, the latest {_latest}; "
            + $"heap {megabytes.Item1} MB of {megabytes.Item2} MB; {results}; {Findings.Count} findings";
    }

    /// <summary>Loads a module; null, which is counted, if a function of it is beyond what may be compiled.</summary>
    private Module? TryLoad(Engine engine, string text)
    {
        try
        {
            return Module.Parse(engine, text);
        }
        catch (NotSupportedException e) when (e.Message.Contains("and the limit is", StringComparison.Ordinal))
        {
            _results["refused module"] = _results.GetValueOrDefault("refused module") + 1;
            return null;
        }
    }

    private void Run(ulong seed, RandomSource random, HostileModule hostile, Engine engine)
    {
        _modules++;
        if (TryLoad(engine, hostile.Text) is not { } module)
            return;

        // What the JIT takes is no lateness of the engine's, but for one module in four it is part of the runs.
        if (!random.OneIn(4))
            module.PrepareAsync().GetAwaiter().GetResult();
        var bystander = new Store(engine);
        for (var i = 0; i < RunsPerModule && !HasHung; i++)
        {
            var plan = SoakPlan.Make(random, hostile);
            if (!isAlone)
                plan = plan with { MeasuresMemory = false };
            foreach (var problem in Problems(module, plan))
                Findings.Add(new Finding(seed, $"run {i}: {problem}", $"{Describe(engine.Options)}\n{plan}", hostile.Text));
        }

        CheckBystander(seed, engine, bystander);
        bystander.Dispose();
    }

    private IReadOnlyList<string> Problems(Module module, SoakPlan plan)
    {
        var outcome = Carry(module, plan);
        if (!IsLate(outcome, plan))
            return outcome.Problems;

        // What is late by itself is so most of the time; other processes, and the collector in the background, come between now and then.
        var lateAgain = new List<Moment>();
        for (var i = 0; i < Repetitions; i++)
        {
            var again = Carry(module, plan);
            if (again.Problems.Count > 0)
                return again.Problems;
            if (IsLate(again, plan))
                lateAgain.Add(again.Late!.Value);
        }

        if (lateAgain.Count > Repetitions / 2)
            return [$"late: {outcome.Late}, and again {string.Join("; ", lateAgain)}"];
        return outcome.Problems;
    }

    private SoakOutcome Carry(Module module, SoakPlan plan)
    {
        var outcome = SoakRun.Carry(module, plan);
        _runs++;
        HasHung |= outcome.HasHung;
        foreach (var result in outcome.Results)
            _results[result] = _results.GetValueOrDefault(result) + 1;
        if (outcome.Late is { } late)
        {
            Ended++;
            if (late.Used > _latest.Used)
                _latest = late;
        }

        return outcome;
    }

    private static string Describe(EngineOptions options) => $"{options}, suspends everywhere: {options.SuspendEverywhere}, in pieces: {options.SplitEverywhere}";

    private bool IsLate(SoakOutcome outcome, SoakPlan plan)
    {
        if (outcome.Late is not { } late)
            return false;
        var slice = plan.TimeSlice == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : plan.TimeSlice;
        return isAlone ? late.Used > MostLate + slice : late.Wall > MostLateUnderLoad;
    }

    /// <summary>Whether a store that had no part in it works.</summary>
    private void CheckBystander(ulong seed, Engine engine, Store store)
    {
        const string Text = """(module (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))""";
        store.Fuel = 1_000;
        var result = new Linker(engine).Instantiate(store, Module.Parse(engine, Text)).GetFunction("twice").Invoke(21)[0].AsI32();
        if (result != 42)
            Findings.Add(new Finding(seed, $"another store computes {result}", Describe(engine.Options), Text));
    }
}
