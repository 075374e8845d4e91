using System.CommandLine;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata python</c>: runs a program in Python.</summary>
internal static class PythonCommand
{
    public const string Name = "python";

    private const string Description =
        "Runs a program in Python, sandboxed: CPython, as Pyodide has it. It has what the options give it, the standard streams, and nothing else. Without a program, there is a prompt.";

    /// <summary>What its help has below the options.</summary>
    public const string More =
        """
        PROGRAM:
          -c CODE        code, as it stands there
          -m MODULE      a module of the standard library, or of a directory that Python was given
          FILE           a script, which is read whether or not Python was given its directory
          -              a script from standard input; so does no PROGRAM, where that is no terminal

        Options stand before PROGRAM. Whatever stands behind it is for the program (sys.argv), options too.

          fermata python -c "print(6 * 7)"
          fermata python --dir . script.py data.csv        script.py may use files of this folder, and its modules
          fermata python --dir in:ro --net api.example.com --timeout 10s script.py

        Its working directory is /home/pyodide: a GUEST that does not begin with / is seen from there, --dir . is that directory itself.

        Exit codes:
          the program's  if it ends by itself: 0, that of sys.exit, 1 after an exception, 130 after KeyboardInterrupt (Ctrl-C)
          1              it could not be run
          2              wrong usage
          124            its time was over
          134            the interpreter has ended, as for want of fuel
          143            SIGTERM ended it
        """;

    public static Command Create(Terminal terminal)
    {
        var words = new Argument<string[]>("PROGRAM") { Description = "What is to be run, and its arguments: see below.", Arity = ArgumentArity.ZeroOrMore };
        var interactive = new Option<bool>("-i") { Description = "Shows a prompt, after PROGRAM if there is one, also where standard input is no terminal." };
        var command = new Command(Name, Description) { words, interactive };
        var package = new PackageOptions(command);
        var grants = new GrantOptions(command);
        command.SetAction(result => PythonRun.Run(terminal, new PythonOptions(PythonProgram.Read(result.GetValue(words) ?? []), grants.Read(result, terminal))
        {
            IsInteractive = result.GetValue(interactive),
            PackageFolder = package.ReadFolder(result),
            Wheels = package.ReadWheels(result),
        }));
        return command;
    }
}
