using System.Diagnostics;
using Fermata.Fuzz.Running;

namespace Fermata.Fuzz;

/// <summary>Runs plans in both engines and counts what comes of it.</summary>
internal sealed class Differential : IDisposable
{
    // An engine keeps the types of all its modules, and a process has only so many memories, so there is a new one now and then.
    private const int PlansPerEngine = 500;

    private readonly string? _keep;
    private readonly bool _allForms;
    private readonly V8Runner _v8;
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("fermata-fuzz");
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>The first runs all plans, the others some of them.</summary>
    private (string Name, Engine Engine)[] _engines = [];
    private int _ran;

    public Differential(string? keep, bool allForms)
    {
        _keep = keep;
        _allForms = allForms;
        _v8 = new V8Runner(_scratch.FullName);
        if (keep is not null)
            Directory.CreateDirectory(keep);
        RenewEngines();
    }

    public Dictionary<Outcome, int> Outcomes { get; } = [];

    public int Explained { get; private set; }

    /// <summary>How many ran in all forms of code.</summary>
    public int RanInAllForms { get; private set; }

    public int Ran => _ran;

    /// <summary>Runs some plans; the files of those that differ are kept.</summary>
    public void Run(IReadOnlyList<Plan> plans)
    {
        var theirs = Task.Run(() => _v8.Run(plans));
        var ours = new List<List<List<string>>>();
        foreach (var plan in plans)
            ours.Add(RunInFermata(plan));
        for (var i = 0; i < plans.Count; i++)
            Judge(plans[i], ours[i], theirs.Result[i]);
    }

    public void Report(TextWriter output)
    {
        output.WriteLine(
            $"{_ran} modules in {_watch.Elapsed:hh\\:mm\\:ss}, {RanInAllForms} of them in all {_engines.Length} forms of code: " +
            string.Join(", ", Outcomes.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}")) +
            $"; {Explained} of the equal ones but for payloads of NaNs");
    }

    public void Dispose()
    {
        _v8.Dispose();
        _scratch.Delete(recursive: true);
    }

    private List<List<string>> RunInFermata(Plan plan)
    {
        if (++_ran % PlansPerEngine == 0)
            RenewEngines();
        // What was run last is found here where the process does not survive it.
        if (_keep is not null)
            Save(plan, Path.Combine(_keep, "last"));
        var runsAll = _allForms || _ran % 4 == 0;
        RanInAllForms += runsAll ? 1 : 0;
        return [.. _engines.Take(runsAll ? _engines.Length : 1).Select(engine => FermataRun.Lines(engine.Engine, plan))];
    }

    private void Judge(Plan plan, List<List<string>> ours, List<string>? theirs)
    {
        var (outcome, difference) = Compare(ours, theirs);
        if (outcome == Outcome.Different && IsByNans(plan))
        {
            Explained++;
            outcome = Outcome.Equal;
        }

        Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + 1;
        if (outcome == Outcome.Different)
            Keep(plan, difference!, ours[0], theirs ?? []);
    }

    private (Outcome Outcome, string? Difference) Compare(List<List<string>> ours, List<string>? theirs)
    {
        if (theirs is null)
            return (Outcome.Different, "V8 does not end");
        for (var i = 0; i < ours.Count; i++)
        {
            var compared = Comparison.Compare(ours[i], theirs);
            if (compared.Outcome == Outcome.Different)
                return (Outcome.Different, $"{_engines[i].Name}: {compared.Difference}");
        }

        return Comparison.Compare(ours[0], theirs);
    }

    /// <summary>Whether the difference is gone where the code determines the payloads of NaNs, which each engine may choose.</summary>
    private bool IsByNans(Plan plan) =>
        plan.WithDeterminedNans?.Invoke() is { } determined
        && Compare([.. _engines.Select(engine => FermataRun.Lines(engine.Engine, determined))], _v8.Run([determined])[0]).Outcome != Outcome.Different;

    private void Keep(Plan plan, string difference, List<string> ours, List<string> theirs)
    {
        var text = $"{plan.Origin}: {difference}";
        Console.WriteLine(text);
        if (_keep is null)
            return;
        var name = Path.Combine(_keep, $"{string.Concat(plan.Origin.Select(letter => char.IsLetterOrDigit(letter) ? letter : '-'))}");
        Save(plan, name);
        File.WriteAllText(name + ".txt", $"{text}\n\nFermata\n{string.Join('\n', ours)}\n\nV8\n{string.Join('\n', theirs)}\n");
    }

    private static void Save(Plan plan, string name)
    {
        File.WriteAllBytes(name + ".wasm", plan.Module);
        File.WriteAllText(name + ".json", System.Text.Json.JsonSerializer.Serialize(plan, Json.Options));
    }

    private void RenewEngines()
    {
        var plain = new EngineOptions { MaxStackBytes = BigStack.EngineBytes };
        _engines =
        [
            ("as it is", new Engine(plain)),
            ("suspending everywhere", new Engine(plain with { SuspendEverywhere = true })),
            ("with checks of bounds, nothing inlined", new Engine(plain with { BoundsChecks = BoundsChecks.Explicit, InlinedBytes = 0 })),
            ("all inlined that can be", new Engine(plain with { InlinedBytes = int.MaxValue })),
            ("in pieces with checks of bounds", new Engine(plain with { SplitEverywhere = true, BoundsChecks = BoundsChecks.Explicit })),
            ("in pieces, nothing inlined", new Engine(plain with { SplitEverywhere = true, InlinedBytes = 0 })),
            ("in pieces, suspending everywhere", new Engine(plain with { SplitEverywhere = true, SuspendEverywhere = true })),
        ];
    }
}
