using System.CommandLine;
using System.Diagnostics;
using Fermata.Fuzz.Wasi;

namespace Fermata.Fuzz.Commands;

/// <summary><c>wasi</c>: calls the functions of WASI with random arguments.</summary>
internal static class WasiCommand
{
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "For how long.", DefaultValueFactory = _ => 1 };
        var count = new Option<int>("--count") { Description = "How many runs at most.", DefaultValueFactory = _ => int.MaxValue };
        var seed = new Option<ulong>("--seed") { Description = "What decides about the first run; each further one has the next.", DefaultValueFactory = _ => 1 };
        var command = new Command("wasi", "Calls the functions of WASI with random arguments, and looks whether each call ends as it may.") { minutes, count, seed };
        command.SetAction((result, _) => RunAsync(result.GetValue(seed), result.GetValue(count), TimeSpan.FromMinutes(result.GetValue(minutes))));
        return command;
    }

    private static async Task<int> RunAsync(ulong seed, int count, TimeSpan time)
    {
        var campaign = new WasiCampaign();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count && watch.Elapsed < time; i++)
        {
            var known = campaign.Findings.Count;
            await campaign.RunAsync(seed + (ulong)i).ConfigureAwait(false);
            foreach (var finding in campaign.Findings.Skip(known))
                Console.WriteLine(finding);
        }

        Console.WriteLine(campaign);
        return campaign.Findings.Count == 0 ? 0 : 1;
    }
}
