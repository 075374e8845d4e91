using System.CommandLine;
using Fermata.Fuzz.Emscripten;

namespace Fermata.Fuzz.Commands;

/// <summary><c>emscripten</c>: calls the functions of Emscripten's with random arguments.</summary>
internal static class EmscriptenCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "How many calls of each function.", DefaultValueFactory = _ => 1000 };
        var seed = new Option<ulong>("--seed") { Description = "What decides about the calls.", DefaultValueFactory = _ => 1 };
        var command = new Command("emscripten", "Calls the functions that Emscripten's programs import with random arguments, and looks whether each call ends as it may.") { count, seed };
        command.SetAction((result, _) => RunAsync(result.GetValue(seed), result.GetValue(count)));
        return command;
    }

    private static async Task<int> RunAsync(ulong seed, int count)
    {
        var campaign = new EmscriptenCampaign();
        await campaign.RunAsync(seed, count).ConfigureAwait(false);
        foreach (var finding in campaign.Findings)
            Console.WriteLine(finding);
        Console.WriteLine(campaign);
        return campaign.Findings.Count == 0 ? 0 : 1;
    }
}
