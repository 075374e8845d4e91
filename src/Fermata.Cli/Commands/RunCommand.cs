using System.CommandLine;
using Fermata.Structure;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata run</c>: makes an instance of a module and calls one of its exports.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The module, binary or text." };
        var arguments = new Argument<string[]>("ARGS")
        {
            Description = "An argument for each parameter: a number as in the text format, or null for a reference.",
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
        var command = new Command("run", "Runs a module that needs no imports.") { file, arguments, invoke, trace };
        command.SetAction(result =>
        {
            int Run() => RunCommand.Run(terminal, result.GetRequiredValue(file), result.GetValue(invoke), result.GetValue(arguments) ?? []);
            return result.GetValue(trace) is { } path ? Trace(path, Run) : Run();
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

    private static int Run(Terminal terminal, string path, string? export, string[] words)
    {
        if (export is null && words.Length > 0)
            throw CommandException.Usage($"unexpected argument '{HostileText.Printable(words[0])}'; arguments are for the function that --invoke names.");
        var engine = new Engine();
        var file = ModuleFile.Read(path);
        var module = file.Load(engine);
        using var store = new Store(engine);
        try
        {
            var instance = new Linker(engine).Instantiate(store, module);
            if (export is null && !instance.TryGetFunction("_start", out _))
            {
                // Where there is a start function, something was called.
                if (file.Info.StartFunction is null)
                    terminal.Error.WriteLine($"{file.Name}: there is no function _start to call{Names(module)}.");
                return ExitCode.Success;
            }

            var function = instance.GetFunction(export ?? "_start");
            foreach (var value in function.InvokeAsync(ReadArguments(function, words)).GetAwaiter().GetResult())
                terminal.Output.WriteLine(ValueText.Print(value));
            return ExitCode.Success;
        }
        catch (LinkException e)
        {
            throw new CommandException($"{file.Name}: {e.Message}.{Advice(module)}");
        }
        catch (Exception e) when (e is TrapException or WasmException or KeyNotFoundException or InsufficientMemoryException)
        {
            throw new CommandException($"{file.Name}: {(e is TrapException ? "trap: " : "")}{e.Message}");
        }
    }

    private static Value[] ReadArguments(Function function, string[] words)
    {
        var types = function.Type.Parameters;
        if (types.Count != words.Length)
            throw CommandException.Usage($"{HostileText.Printable(function.Name)} takes {types.Count} arguments, found {words.Length}: its type is {function.Type}.");
        var values = new Value[words.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (!Value.TryParse(words[i], types[i], out values[i]))
                throw CommandException.Usage($"argument {i + 1}, '{HostileText.Printable(words[i])}', is not of type {types[i]}: expected {ValueText.Expected(types[i])}.");
        }

        return values;
    }

    private static string Advice(Module module)
    {
        var count = module.Imports.Count == 1 ? "the one import" : $"the {module.Imports.Count} imports";
        return $"\n`fermata run` defines no imports, and `fermata inspect` lists {count} of the module. Define them in C# (docs/hosting.md).";
    }

    private static string Names(Module module)
    {
        var names = module.Exports.Where(export => export.Type.Kind == ExternKind.Func).Select(export => HostileText.Quoted(export.Name)).ToList();
        return names.Count == 0 ? ", nor is any other exported" : $", only {string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", …" : "")}; name one with --invoke";
    }
}
