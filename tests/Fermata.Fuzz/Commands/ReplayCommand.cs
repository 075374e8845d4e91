using System.CommandLine;
using System.Text.Json;
using Fermata.Fuzz.Running;

namespace Fermata.Fuzz.Commands;

/// <summary><c>replay</c>: carries out plans that were kept, and single modules.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Plans, as differential keeps them (.json), or modules (.wasm)." };
        var lines = new Option<bool>("--lines") { Description = "Print what happens in Fermata, as it happens." };
        var command = new Command("replay", "Carries out plans that differential kept, or runs modules, in both engines.") { files, lines };
        command.SetAction(result => Run(result.GetValue(files)!, result.GetValue(lines)));
        return command;
    }

    private static int Run(string[] files, bool printsLines)
    {
        using var differential = new Differential(null, allForms: true);
        BigStack.Run(() =>
        {
            foreach (var file in files)
            {
                var plan = ReadPlan(file);
                if (printsLines)
                    FermataRun.Lines(new Engine(), plan, Console.WriteLine);
                differential.Run([plan]);
            }
        });
        differential.Report(Console.Out);
        return differential.Outcomes.GetValueOrDefault(Outcome.Different) == 0 ? 0 : 1;
    }

    private static Plan ReadPlan(string file)
    {
        if (Path.GetExtension(file) == ".json")
            return JsonSerializer.Deserialize<Plan>(File.ReadAllText(file), Json.Options)!;
        return PlanBuilder.TryBuild(File.ReadAllBytes(file), file, seed: 1, countsSteps: true, determinesNans: true)
            ?? throw new FuzzException($"{file} imports what not both hosts can give.");
    }
}
