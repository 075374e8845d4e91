using System.CommandLine;
using Fermata.Structure;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata validate</c>: tells whether modules are well-formed and valid.</summary>
internal static class ValidateCommand
{
    public const string Name = "validate";

    /// <summary>Appendix "Custom Sections and Annotations": an error in a custom section does not invalidate the module.</summary>
    private const string Description =
        "Tells whether modules are well-formed and valid. What is wrong in a custom section (name, metadata.code.branch_hint) is a warning on the "
        + "standard error: the module is valid all the same, and the exit code 0.";

    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE") { Description = "The modules, binary or text.", Arity = ArgumentArity.OneOrMore };
        var command = new Command(Name, Description) { files };
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
                Check(terminal, ModuleFile.Read(path));
                terminal.Output.WriteLine($"{HostileText.Printable(path)}: valid");
            }
            catch (CommandException e)
            {
                terminal.Error.WriteLine(e.Message);
                exitCode = ExitCode.Failure;
            }
        }

        return exitCode;
    }

    /// <summary>Checks a module and tells as warnings what is wrong in its custom sections.</summary>
    /// <exception cref="CommandException">The module is malformed or invalid.</exception>
    public static void Check(Terminal terminal, ModuleFile file)
    {
        foreach (var problem in file.Info.CustomSectionProblems)
            terminal.Error.WriteLine(file.Describe("warning", problem));
    }
}
