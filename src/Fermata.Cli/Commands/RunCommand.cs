using System.CommandLine;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata run</c>: runs a program, or calls one of a module's exports.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    private const string Description =
        "Runs a WASI program (preview 1), or calls a function of a module. A program has what the options give it, the standard streams, and nothing else.";

    /// <summary>What its help has below the options.</summary>
    public const string More =
        """
        Options stand before FILE. Whatever stands behind it is for the program, options too.

        Exit codes:
          the program's  if it ends by itself; Unix keeps the lowest 8 bits
          1              it could not be run
          2              wrong usage
          75             it was saved (--snapshot-after)
          124            its time was over
          130, 143       Ctrl-C or SIGTERM ended it, or had it saved (--snapshot)
          134            it trapped, or threw an exception that nothing caught
        """;

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The module, binary or text." };
        var arguments = new Argument<string[]>("ARGS")
        {
            Description = "The arguments of the program. With --invoke, one for each parameter: a number as in the text format, or null for a reference.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var invoke = new Option<string?>("--invoke")
        {
            Description = "The exported function to call; its results are printed, one a line. Without it, _start is called if there is one.",
            HelpName = "NAME",
        };
        var trace = new Option<string?>("--trace")
        {
            Description = "Writes a timeline of the run, which Perfetto (ui.perfetto.dev) opens: when calls ran, and what they waited for.",
            HelpName = "OUT",
        };
        var command = new Command(Name, Description) { file, arguments, invoke, trace };
        var grants = new GrantOptions(command);
        var saving = new SaveOptions(command);
        command.SetAction(result =>
        {
            var options = new ProgramOptions(result.GetRequiredValue(file), result.GetValue(arguments) ?? [], grants.Read(result, terminal))
            {
                Export = result.GetValue(invoke),
                Saving = saving.Read(result),
            };
            return result.GetValue(trace) is { } path ? Trace(path, () => ProgramRun.Run(terminal, options)) : ProgramRun.Run(terminal, options);
        });
        return command;
    }

    private static int Trace(string path, Func<int> run)
    {
        var exitCode = ExitCode.Success;
        ModuleFile.Write(path, output =>
        {
            using var trace = new TraceFile(output);
            exitCode = run();
        });
        return exitCode;
    }
}
