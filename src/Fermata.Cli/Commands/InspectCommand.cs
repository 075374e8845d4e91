using System.CommandLine;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata inspect</c>: shows what a module imports and exports, how large it is, where its C stack is, and what in it may suspend.</summary>
internal static class InspectCommand
{
    public const string Name = "inspect";

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The module, binary or text." };
        var all = new Option<bool>("--all") { Description = "List all functions that may suspend." };
        var command = new Command(Name, "Shows what a module imports and exports, how large it is, where its C stack is, and what in it may suspend.") { file, all };
        command.SetAction(result => Inspect(terminal, result.GetRequiredValue(file), result.GetValue(all)));
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
