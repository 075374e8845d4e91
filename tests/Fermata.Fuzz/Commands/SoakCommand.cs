using System.CommandLine;
using System.Diagnostics;
using Fermata.Fuzz.Soak;

namespace Fermata.Fuzz.Commands;

/// <summary><c>soak</c>: runs hostile modules under limits and deadlines.</summary>
internal static class SoakCommand
{
    private const int ModulesPerReport = 50;

    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "For how long.", DefaultValueFactory = _ => 1 };
        var count = new Option<int>("--count") { Description = "How many modules at most.", DefaultValueFactory = _ => int.MaxValue };
        var seed = new Option<ulong>("--seed") { Description = "What decides about the first module and its runs; each further one has the next.", DefaultValueFactory = _ => 1 };
        var keep = new Option<string?>("--keep") { Description = "Where to keep the module that runs, so that it is there if the process dies." };
        var print = new Option<bool>("--print") { Description = "Print the modules and run nothing." };
        var command = new Command("soak", "Runs modules that are as expensive as they can be, and looks whether they end in time and hurt nothing.") { minutes, count, seed, keep, print };
        command.SetAction(result =>
        {
            var (first, most) = (result.GetValue(seed), result.GetValue(count));
            return result.GetValue(print) ? Print(first, most) : Run(first, most, TimeSpan.FromMinutes(result.GetValue(minutes)), result.GetValue(keep));
        });
        return command;
    }

    private static int Run(ulong seed, int count, TimeSpan time, string? keep)
    {
        if (keep is not null)
            Directory.CreateDirectory(keep);
        var campaign = new SoakCampaign(isAlone: true);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count && watch.Elapsed < time && !campaign.HasHung; i++)
        {
            var known = campaign.Findings.Count;
            if (keep is not null)
                File.WriteAllText(Path.Combine(keep, "last.wat"), $";; --seed {seed + (ulong)i}\n{HostileModule.Make(new RandomSource(seed + (ulong)i)).Text}");
            campaign.Run(seed + (ulong)i);
            foreach (var finding in campaign.Findings.Skip(known))
                Console.WriteLine(finding);
            if ((i + 1) % ModulesPerReport == 0)
                Console.WriteLine(campaign);
        }

        Console.WriteLine(campaign);
        return campaign.Findings.Count == 0 ? 0 : 1;
    }

    private static int Print(ulong seed, int count)
    {
        for (var i = 0; i < count; i++)
            Console.WriteLine(HostileModule.Make(new RandomSource(seed + (ulong)i)).Text);
        return 0;
    }
}
