using System.CommandLine;
using Fermata.Fuzz.Snapshots;

namespace Fermata.Fuzz.Commands;

/// <summary><c>snapshots</c>: saves random programs at random moments, and has them go on in other processes.</summary>
internal static class SnapshotsCommand
{
    private const int ProgramsOfProcess = 100;

    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "How many programs.", DefaultValueFactory = _ => 1_000 };
        var seed = new Option<ulong>("--seed") { Description = "What decides about the first program and its run; each further one has the next.", DefaultValueFactory = _ => 1 };
        var print = new Option<bool>("--print") { Description = "Print the programs and run nothing." };
        var command = new Command("snapshots", "Saves random programs at random moments, restores them in another process, and compares what happens with what happens without.") { count, seed, print };
        command.SetAction(result =>
        {
            var (first, programs) = (result.GetValue(seed), result.GetValue(count));
            return result.GetValue(print) ? Print(first, programs) : Run(first, programs);
        });
        return command;
    }

    private static int Run(ulong seed, int count)
    {
        var campaign = new SnapshotCampaign();
        for (var done = 0; done < count; done += ProgramsOfProcess)
        {
            var known = campaign.Findings.Count;
            campaign.Run(seed + (ulong)done, Math.Min(ProgramsOfProcess, count - done));
            foreach (var finding in campaign.Findings.Skip(known))
                Console.WriteLine(finding);
            Console.WriteLine(campaign);
        }

        return campaign.Findings.Count == 0 ? 0 : 1;
    }

    private static int Print(ulong seed, int count)
    {
        for (var i = 0; i < count; i++)
            Console.WriteLine(WaitingModule.Make(seed + (ulong)i));
        return 0;
    }
}
