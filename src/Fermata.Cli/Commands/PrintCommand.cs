using System.CommandLine;
using System.Text;
using Fermata.Structure;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata wat</c>: writes a module in the text format.</summary>
internal static class PrintCommand
{
    public const string Name = "wat";

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The module, binary or text." };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write; the standard output otherwise.", HelpName = "OUT" };
        var flat = new Option<bool>("--flat") { Description = "Write one instruction on each line, in the order of the binary format." };
        var folded = new Option<bool>("--folded") { Description = "Write instructions around their operands. This is the default." };
        var command = new Command(Name, "Writes a module in the text format.") { file, output, flat, folded };
        command.Validators.Add(result =>
        {
            if (result.GetValue(flat) && result.GetValue(folded))
                result.AddError("--flat and --folded exclude each other.");
        });
        command.SetAction(result => Print(
            terminal, result.GetRequiredValue(file), result.GetValue(output), result.GetValue(flat) ? TextStyle.Flat : TextStyle.Folded));
        return command;
    }

    private static int Print(Terminal terminal, string path, string? output, TextStyle style)
    {
        var module = ModuleFile.Read(path).Info;
        if (output is null)
        {
            module.WriteText(terminal.Output, style);
            return ExitCode.Success;
        }

        ModuleFile.Write(output, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            module.WriteText(writer, style);
        });
        terminal.Output.WriteLine($"{HostileText.Printable(output)}: {new FileInfo(output).Length} bytes");
        return ExitCode.Success;
    }
}
