using System.CommandLine;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata validate</c>: tells whether modules are well-formed and valid.</summary>
internal static class ValidateCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE") { Description = "The modules, binary or text.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("validate", "Tells whether modules are well-formed and valid.") { files };
        command.SetAction(result => Validate(terminal, result.GetRequiredValue(files)));
        return command;
    }

    private static int Validate(Terminal terminal, string[] paths)
    {
        var exitCode = ExitCode.Success;
        foreach (var path in paths)
        {
            try
            {
                Check(ModuleFile.Read(path));
                terminal.Output.WriteLine($"{path}: valid");
            }
            catch (CommandException e)
            {
                terminal.Error.WriteLine(e.Message);
                exitCode = ExitCode.Failure;
            }
        }

        return exitCode;
    }

    /// <exception cref="CommandException">The module is malformed or invalid.</exception>
    public static void Check(ModuleFile file) =>
        file.Use(bytes =>
        {
            Module.Validate(bytes);
            return true;
        });
}
