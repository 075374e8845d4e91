using System.CommandLine;
using Fermata.Fuzz.Snapshots;

namespace Fermata.Fuzz.Commands;

/// <summary><c>restore</c>: the other process of <see cref="SnapshotsCommand"/>.</summary>
internal static class RestoreCommand
{
    public const string Name = "restore";

    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "Where modules and snapshots are." };
        var command = new Command(Name, "Has programs go on that `snapshots` has saved.") { folder };
        command.Hidden = true;
        command.SetAction(result => RestoredPrograms.RunAll(result.GetRequiredValue(folder)));
        return command;
    }
}
