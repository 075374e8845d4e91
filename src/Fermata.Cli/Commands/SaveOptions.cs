using System.CommandLine;

namespace Fermata.Cli.Commands;

/// <summary>The options by which commands say where a run is saved (<see cref="SavePlan"/>).</summary>
internal sealed class SaveOptions
{
    private readonly Option<string?> _snapshot = new("--snapshot")
    {
        Description = "Saves the run there on Ctrl-C or SIGTERM, and ends it: 'fermata resume' goes on, in the middle of what it did.",
        HelpName = "OUT",
    };

    private readonly Option<TimeSpan?> _after = new("--snapshot-after")
    {
        Description = "With --snapshot: saves and ends the run after this time, with exit code 75.",
        HelpName = "TIME",
        CustomParser = result => GrantOptions.Read<TimeSpan>(result, Quantity.TryReadTime, "a time such as 500ms, 2s, 1.5m or 1h, of at most 49 days"),
    };

    /// <param name="command">The command that gets them.</param>
    public SaveOptions(Command command)
    {
        command.Options.Add(_snapshot);
        command.Options.Add(_after);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_after) is not null && result.GetResult(_snapshot) is null)
                result.AddError("--snapshot-after needs --snapshot, which says where to.");
        });
    }

    /// <summary>What they say; null if the run is not saved.</summary>
    public SavePlan? Read(ParseResult result) => result.GetValue(_snapshot) is { } path ? new SavePlan(path, result.GetValue(_after)) : null;
}
