using System.CommandLine;
using Fermata.Structure;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata merge</c>: links modules statically into one.</summary>
internal static class MergeCommand
{
    public const string Name = "merge";

    public static Command Create(Terminal terminal)
    {
        var modules = new Argument<string[]>("FILE NAME")
        {
            Description = "The modules, binary or text, each followed by the module name under which all import from it. Several may have one name: "
                + "their exports are in one namespace.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output", "-o") { Description = "The file to write.", HelpName = "OUT", Required = true };
        var rename = new Option<bool>("--rename-export-conflicts")
        {
            Description = "Call an export NAME.export, after its module, where an earlier module has an export of its name. It is an error otherwise.",
        };
        var command = new Command(Name, "Links modules into one: imports of one become exports of another.") { modules, output, rename };
        command.SetAction(result =>
            Merge(terminal, result.GetRequiredValue(modules), result.GetRequiredValue(output), result.GetValue(rename)));
        return command;
    }

    private static int Merge(Terminal terminal, string[] words, string output, bool renamesConflicts)
    {
        if (words.Length % 2 != 0)
            throw CommandException.Usage($"'{HostileText.Printable(words[^1])}' has no NAME after it; expected FILE NAME, as often as there are modules.");
        var modules = words.Chunk(2).Select(pair => new NamedModule(pair[1], ModuleFile.Read(pair[0]).Info) { Source = HostileText.Printable(pair[0]) }).ToList();
        try
        {
            var merged = StaticLinker.Merge(modules, renamesConflicts);
            ModuleFile.Write(output, stream => stream.Write(merged.Bytes));
            foreach (var note in merged.Notes)
                terminal.Error.WriteLine($"note: {note}");
            terminal.Output.WriteLine(
                $"{HostileText.Printable(output)}: {merged.Bytes.Length} bytes, imports: {merged.ResolvedImports} resolved, {merged.Imports} left, exports: {merged.Exports}");
            return ExitCode.Success;
        }
        catch (MergeException e)
        {
            throw new CommandException(e.Message);
        }
    }
}
