using System.Diagnostics;
using System.Globalization;

namespace Fermata.Fuzz.Snapshots;

/// <summary>Random programs that are saved at random moments, restored in another process, and go on there: what happens is what happens without.</summary>
internal sealed class SnapshotCampaign
{
    private const int SnapshotsOfProgram = 3;

    private readonly List<string> _findings = [];

    /// <summary>What was different, with its seed.</summary>
    public IReadOnlyList<string> Findings => _findings;

    public int Programs { get; private set; }

    public int Snapshots { get; private set; }

    public int Steps { get; private set; }

    public override string ToString() => $"{Programs} programs of {Steps} steps, {Snapshots} snapshots, {_findings.Count} findings";

    /// <summary>Runs programs, and what is saved of them in one other process.</summary>
    /// <param name="seed">The seed of the first one.</param>
    /// <param name="count">How many.</param>
    public void Run(ulong seed, int count)
    {
        var folder = Directory.CreateTempSubdirectory("fermata-snapshots-").FullName;
        try
        {
            var expected = new Dictionary<string, (ulong Seed, List<string> Log)>();
            for (var i = 0; i < count; i++)
                RunHere(seed + (ulong)i, folder, expected);
            var errors = RunThere(folder);
            foreach (var (file, (program, log)) in expected)
                Compare($"--seed {program} --count 1: {Path.GetFileNameWithoutExtension(file)}", log, File.Exists(file) ? File.ReadAllLines(file) : [$"The other process died: {errors}"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void RunHere(ulong seed, string folder, Dictionary<string, (ulong Seed, List<string> Log)> expected)
    {
        var name = Path.Combine(folder, seed.ToString(CultureInfo.InvariantCulture));
        var text = WaitingModule.Make(seed);
        var module = Module.Parse(new Engine(WaitingRun.EngineOptionsOf(seed)), text);
        using var whole = new WaitingRun(module, seed);
        whole.RunTo();
        File.WriteAllText(name + ".wat", text);
        Programs++;
        Steps += whole.Step;
        var random = new RandomSource(seed);
        for (var i = 0; i < SnapshotsOfProgram; i++)
        {
            using var run = new WaitingRun(module, seed);
            run.RunTo(random.Below(whole.Step));
            run.TryStep(pauses: i > 0);
            var place = $"--seed {seed} --count 1: snapshot {i} at step {run.Step}";
            try
            {
                run.Save().Write($"{name}-{i}.snapshot");
            }
            catch (NotSupportedException exception)
            {
                _findings.Add($"{place}: {exception.Message}");
                continue;
            }

            Snapshots++;
            expected.Add($"{name}-{i}.log", (seed, [.. whole.Log.Skip(run.Log.Count)]));

            // The store itself goes on too.
            run.EndPauses();
            run.RunTo();
            Compare(place, whole.Log, run.Log);
        }
    }

    private void Compare(string place, IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        var same = expected.Zip(actual).TakeWhile(lines => lines.First == lines.Second).Count();
        if (same < expected.Count || same < actual.Count)
            _findings.Add($"{place}: line {same}: expected {expected.ElementAtOrDefault(same) ?? "no more"}, got {actual.ElementAtOrDefault(same) ?? "no more"}");
    }

    private static string RunThere(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(SnapshotCampaign).Assembly.Location, Commands.RestoreCommand.Name, folder])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return errors;
    }
}
