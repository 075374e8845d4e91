using System.CommandLine;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata inspect</c>: shows what a module imports and exports, how large it is, where its C stack is, and what in it may suspend; or what waits where in a snapshot.</summary>
internal static class InspectCommand
{
    public const string Name = "inspect";

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The module, binary or text; or a snapshot." };
        var all = new Option<bool>("--all") { Description = "List all functions that may suspend, or all frames of calls." };
        var module = new Option<string?>("--module") { Description = "The module of a snapshot, if it is not where it was.", HelpName = "MODULE" };
        var command = new Command(
            Name, "Shows what a module imports and exports, how large it is, where its C stack is, and what in it may suspend; or what waits where in a snapshot.") { file, all, module };
        command.SetAction(result =>
        {
            var path = result.GetRequiredValue(file);
            if (!SnapshotFile.IsSnapshot(path))
                return Inspect(terminal, path, result.GetValue(all));
            new SnapshotReport(path, SnapshotFile.Read(path)).Write(terminal.Output, result.GetValue(module), result.GetValue(all));
            return ExitCode.Success;
        });
        return command;
    }

    private static int Inspect(Terminal terminal, string path, bool all)
    {
        var file = ModuleFile.Read(path);
        var report = new ModuleReport(file.Info);
        terminal.Output.WriteLine($"{file.Name}: {report.Summary}");
        report.Write(terminal.Output, all);
        return ExitCode.Success;
    }
}
