using System.CommandLine;
using Fermata.Structure;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata wasm</c>: writes a module in the text format in the binary format.</summary>
internal static class AssembleCommand
{
    public const string Name = "wasm";

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The module in the text format." };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write; FILE with the extension .wasm otherwise.", HelpName = "OUT" };
        var command = new Command(Name, "Writes a module in the text format in the binary format.") { file, output };
        command.SetAction(result => Assemble(terminal, result.GetRequiredValue(file), result.GetValue(output)));
        return command;
    }

    private static int Assemble(Terminal terminal, string path, string? output)
    {
        var file = ModuleFile.Read(path);
        if (!file.IsText)
            throw new CommandException($"{file.Name}: is in the binary format already; expected text.");
        ValidateCommand.Check(terminal, file);
        output ??= Path.ChangeExtension(path, ".wasm");
        ModuleFile.Write(output, stream => stream.Write(file.Info.Bytes.Span));
        terminal.Output.WriteLine($"{HostileText.Printable(output)}: {file.Info.Bytes.Length} bytes");
        return ExitCode.Success;
    }
}
