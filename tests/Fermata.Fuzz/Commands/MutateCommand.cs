using System.CommandLine;

namespace Fermata.Fuzz.Commands;

/// <summary><c>mutate</c>: gives Fermata bytes that are nearly modules.</summary>
internal static class MutateCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "How many mutated modules.", DefaultValueFactory = _ => 10_000 };
        var texts = new Option<int>("--texts") { Description = "How many mutated texts after them.", DefaultValueFactory = _ => 1_000 };
        var seed = new Option<int>("--seed") { Description = "What decides about all that is random.", DefaultValueFactory = _ => 1 };
        var archive = new Option<string?>("--archive") { Description = "More modules to mutate: a file that generate.mjs has written." };
        var keep = new Option<string?>("--keep") { Description = "Where to keep what is not refused as it should." };
        var command = new Command("mutate", "Decodes, validates and at times compiles mutated modules and texts.") { count, texts, seed, archive, keep };
        command.SetAction(result =>
        {
            var modules = SeedCorpus.Modules().ConvertAll(module => module.Module);
            if (result.GetValue(archive) is { } file)
                modules.AddRange(ModuleArchive.Read(file).Where(module => module.Length > 0));
            var campaign = new MutationCampaign(modules, SeedCorpus.Scripts(), result.GetValue(keep));
            campaign.Run(result.GetValue(count), result.GetValue(texts), (ulong)result.GetValue(seed));
            return campaign.Failures == 0 ? 0 : 1;
        });
        return command;
    }
}
