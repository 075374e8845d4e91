using System.CommandLine;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata resume</c>: has a run go on that was saved.</summary>
internal static class ResumeCommand
{
    public const string Name = "resume";

    /// <summary>What its help has below the options.</summary>
    public const string More =
        """
        The program has what the options give it, as with 'fermata run': directories under the paths that they had,
        in which it has the files open that it had. Its arguments and environment are those of the snapshot.

        Exit codes: as with 'fermata run'.
        """;

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The snapshot, of 'fermata run --snapshot'." };
        var module = new Option<string?>("--module") { Description = "The module, if it is not where it was.", HelpName = "MODULE" };
        var command = new Command(Name, "Has a run go on that was saved, perhaps on another machine: in the middle of what it did.") { file, module };
        var grants = new GrantOptions(command);
        var saving = new SaveOptions(command);
        command.SetAction(result =>
        {
            var path = result.GetRequiredValue(file);
            var run = SavedRun.Of(SnapshotFile.Read(path));
            return ProgramRun.Run(terminal, new ProgramOptions(SnapshotFile.ModuleOf(path, run, result.GetValue(module)), [], grants.Read(result, terminal))
            {
                Export = run?.Export,
                Saving = saving.Read(result),
                Snapshot = path,
            });
        });
        return command;
    }
}
