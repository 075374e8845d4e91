using System.CommandLine;
using System.CommandLine.Help;
using Fermata.Cli.Commands;
using Fermata.Structure;

namespace Fermata.Cli;

/// <summary>Reads the command line and runs the command that it names.</summary>
internal static class CommandLine
{
    private static readonly CommandMaker[] Commands =
    [
        new(RunCommand.Name, RunCommand.Create, RunCommand.More),
        new(ResumeCommand.Name, ResumeCommand.Create, ResumeCommand.More),
        new(PythonCommand.Name, PythonCommand.Create, PythonCommand.More),
        new(CompileCommand.Name, CompileCommand.Create),
        new(ValidateCommand.Name, ValidateCommand.Create),
        new(InspectCommand.Name, InspectCommand.Create),
        new(AssembleCommand.Name, AssembleCommand.Create),
        new(PrintCommand.Name, PrintCommand.Create),
        new(MergeCommand.Name, MergeCommand.Create),
        new(ScriptCommand.Name, ScriptCommand.Create),
        new(McpCommand.Name, McpCommand.Create, McpCommand.More),
        new(FillCacheCommand.Name, _ => FillCacheCommand.Create()),
    ];

    /// <returns>The exit code of the process; see <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, Terminal terminal)
    {
        var (output, error) = terminal;
        var root = CreateRoot(terminal, args);
        var command = root.Subcommands.FirstOrDefault(command => args is [var name, ..] && name == command.Name);
        try
        {
            var result = root.Parse(Words(command, args), new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (result.Errors.Count == 0)
                return result.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
            foreach (var problem in result.Errors.DistinctBy(problem => problem.Message))
                error.WriteLine($"fermata: {HostileText.Printable(problem.Message)}");
            return Refuse(command, error);
        }
        catch (CommandException e)
        {
            error.WriteLine($"fermata: {e.Message}");
            return e.ExitCode == ExitCode.Usage ? Refuse(command, error) : e.ExitCode;
        }
        catch (IOException e)
        {
            // Files are named by whoever uses them, so this is the standard output.
            return Fail(error, $"cannot write the output: {HostileText.Printable(e.Message)}");
        }
        catch (OutOfMemoryException)
        {
            return Fail(error, "there is not enough memory for this.");
        }
    }

    private static int Fail(TextWriter error, string problem)
    {
        try
        {
            error.WriteLine($"fermata: {problem}");
        }
        catch (IOException)
        {
            // The exit code is all that is left to tell by.
        }

        return ExitCode.Failure;
    }

    /// <summary>
    /// The command line with all commands; with only the one that is named, if it is one, and without help where nobody asks for it, as they take some milliseconds to describe.
    /// </summary>
    internal static Command CreateRoot(Terminal terminal, string[] args)
    {
        var named = Array.FindAll(Commands, command => args is [var name, ..] && name == command.Name);
        var hasHelp = named is [] || Array.Exists(args, MayAskForHelp);
        var root = hasHelp
            ? new RootCommand("Runs and examines WebAssembly modules. Exit codes: 0 success, 1 failure, 2 wrong usage; those of programs are in the help of run and python.") { HelpName = "fermata" }
            : new Command("fermata");
        foreach (var maker in named is [] ? Commands : named)
        {
            var command = maker.Create(terminal);
            if (hasHelp && maker.More is { } more)
                command.Options.Add(new HelpOption { Action = new OptionsFirstHelp(more) });
            root.Subcommands.Add(command);
        }

        return root;
    }

    /// <summary>Whether a word could be one of the names of the option for help, with a value behind it or not.</summary>
    private static bool MayAskForHelp(string word) => word is ['-' or '/', 'h' or '?', ..] or ['-', '-', 'h', ..];

    private static string[] Words(Command? command, string[] args) => args switch
    {
        [] => ["--help"],
        [RunCommand.Name or PythonCommand.Name, .. var words] => [args[0], .. OptionsFirst.Separate(command!, words)],
        _ => args,
    };

    private static int Refuse(Command? command, TextWriter error)
    {
        error.WriteLine($"Try 'fermata{(command is null ? "" : " " + command.Name)} --help'.");
        return ExitCode.Usage;
    }

    /// <param name="Name">The name of a command.</param>
    /// <param name="Create">Makes it.</param>
    /// <param name="More">What its help has below the options, where these stand before arguments; null for one whose help is that of the library.</param>
    private sealed record CommandMaker(string Name, Func<Terminal, Command> Create, string? More = null);
}
