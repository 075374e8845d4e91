using System.CommandLine;
using Fermata.Fuzz.Running;

namespace Fermata.Fuzz.Commands;

/// <summary><c>differential</c>: runs modules in Fermata and in V8 and compares.</summary>
internal static class DifferentialCommand
{
    private const int PlansPerBatch = 100;

    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "How many modules.", DefaultValueFactory = _ => 1000 };
        var seed = new Option<int>("--seed") { Description = "What decides about all that is random.", DefaultValueFactory = _ => 1 };
        var derived = new Option<int>("--derived") { Description = "How many mutations are made of each generated module.", DefaultValueFactory = _ => 3 };
        var allForms = new Option<bool>("--all-forms") { Description = "Run every module in all forms of code, not one in four." };
        var threads = new Option<bool>("--threads") { Description = "Generate atomic instructions and shared memories too." };
        var keep = new Option<string?>("--keep") { Description = "Where to keep the modules that differ." };
        var command = new Command("differential", "Runs modules in Fermata and in V8 and compares.") { count, seed, derived, allForms, threads, keep };
        command.SetAction(result =>
        {
            var source = new PlanSource(result.GetValue(seed), result.GetValue(derived), result.GetValue(threads));
            return Run(source, result.GetValue(count), result.GetValue(keep), result.GetValue(allForms));
        });
        return command;
    }

    private static int Run(PlanSource source, int count, string? keep, bool allForms)
    {
        using var differential = new Differential(keep, allForms);
        BigStack.Run(() =>
        {
            foreach (var batch in source.Plans().Take(count).Chunk(PlansPerBatch))
            {
                differential.Run(batch);
                differential.Report(Console.Out);
            }
        });
        Console.WriteLine($"{source.Rejected} mutations were invalid, {source.NotRunnable} modules import what not both hosts can give");
        return differential.Outcomes.GetValueOrDefault(Outcome.Different) == 0 ? 0 : 1;
    }
}
