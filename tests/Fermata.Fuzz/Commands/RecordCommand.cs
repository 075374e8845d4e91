using System.CommandLine;

namespace Fermata.Fuzz.Commands;

/// <summary><c>record</c>: writes plans with what V8 says of them, for tests that have no V8.</summary>
internal static class RecordCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "How many modules.", DefaultValueFactory = _ => 150 };
        var seed = new Option<int>("--seed") { Description = "What decides about all that is random.", DefaultValueFactory = _ => 1 };
        var output = new Argument<string>("FILE") { Description = "The file to write." };
        var command = new Command("record", "Writes modules with what V8 says of them.") { count, seed, output };
        command.SetAction(result =>
        {
            var plans = new PlanSource(result.GetValue(seed), derived: 1, hasThreads: false).Plans().Take(result.GetValue(count)).ToList();
            Recording.Write(result.GetValue(output)!, plans);
        });
        return command;
    }
}
