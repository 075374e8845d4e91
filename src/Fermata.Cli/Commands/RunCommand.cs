using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using Fermata.Platform.Network;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata run</c>: runs a program, or calls one of a module's exports.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    private const string Description =
        "Runs a WASI program (preview 1), or calls a function of a module. A program has what the options give it, the standard streams, and nothing else.";

    private const string More =
        """
        Options stand before FILE. Whatever stands behind it is for the program, options too.

        Exit codes:
          the program's  if it ends by itself; Unix keeps the lowest 8 bits
          1              it could not be run
          2              wrong usage
          124            its time was over
          130, 143       Ctrl-C or SIGTERM ended it
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
        var directories = new Option<DirectoryGrant[]>("--dir")
        {
            Description = "Gives the program a directory, under the path GUEST or the same one; with :ro it cannot write there; or what is in a .zip or .tar file. May be repeated.",
            HelpName = "HOST[::GUEST][:ro]",
            CustomParser = ReadDirectories,
        };
        var environment = new Option<string[]>("--env")
        {
            Description = "Gives the program an environment variable, or, without a value, that of this process. May be repeated.",
            HelpName = "NAME[=VALUE]",
        };
        environment.Validators.Add(RequireNames);
        var network = new Option<NetworkPolicy?>("--net")
        {
            Description = "Lets the program connect to a host: a name, *.NAME, an address, a range such as 10.0.0.0/8, or * for any. May be repeated.",
            HelpName = "HOST[:PORT]",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ReadNetwork,
        };
        var timeout = new Option<TimeSpan?>("--timeout")
        {
            Description = "Ends the run after this time, loading included, with exit code 124: 500ms, 2s, 1.5m, 1h; a number alone is in seconds.",
            HelpName = "TIME",
            CustomParser = result => Read<TimeSpan>(result, Quantity.TryReadTime, "a time such as 500ms, 2s, 1.5m or 1h, of at most 49 days"),
        };
        var fuel = new Option<long?>("--fuel")
        {
            Description = "How many instructions may be executed, by all threads together; the next one traps.",
            HelpName = "N",
            CustomParser = result => Read<long>(result, TryReadFuel, "a number of instructions"),
        };
        var maxMemory = new Option<long?>("--max-memory")
        {
            Description = "How many bytes the memories may have together: 64M, 1.5G; a number alone is in bytes. Growing beyond it fails.",
            HelpName = "SIZE",
            CustomParser = result => Read<long>(result, Quantity.TryReadSize, "a size in bytes, such as 1048576, 512K, 64M or 1.5G"),
        };
        var invoke = new Option<string?>("--invoke")
        {
            Description = "The exported function to call; its results are printed, one a line. Without it, _start is called if there is one.",
            HelpName = "NAME",
        };
        var cache = new Option<string?>("--cache")
        {
            Description = "Where machine code of programs is kept, so that they start sooner; off for nowhere. Default: FERMATA_CACHE, or a folder of the user.",
            HelpName = "DIR|off",
        };
        var trace = new Option<string?>("--trace")
        {
            Description = "Writes a timeline of the run, which Perfetto (ui.perfetto.dev) opens: when calls ran, and what they waited for.",
            HelpName = "OUT",
        };
        var command = new Command(Name, Description) { file, arguments, directories, environment, network, timeout, fuel, maxMemory, invoke, cache, trace };
        command.Options.Add(new HelpOption { Action = new OptionsFirstHelp(More) });
        command.SetAction(result =>
        {
            var options = new ProgramOptions(result.GetRequiredValue(file), result.GetValue(arguments) ?? [])
            {
                Export = result.GetValue(invoke),
                Directories = result.GetValue(directories) ?? [],
                Environment = result.GetValue(environment) ?? [],
                Network = result.GetValue(network),
                Timeout = result.GetValue(timeout),
                Fuel = result.GetValue(fuel),
                MaxMemoryBytes = result.GetValue(maxMemory),
                CacheFolder = result.GetValue(cache) is { } setting ? ProgramCache.Folder(setting) : terminal.CacheFolder,
            };
            return result.GetValue(trace) is { } path ? Trace(path, () => ProgramRun.Run(terminal, options)) : ProgramRun.Run(terminal, options);
        });
        return command;
    }

    private delegate bool Reader<T>(string text, out T value);

    /// <summary>Reads the value of an option, which is its last token.</summary>
    private static T? Read<T>(ArgumentResult result, Reader<T> reader, string expected)
        where T : struct
    {
        var text = result.Tokens[^1].Value;
        if (reader(text, out var value))
            return value;
        result.AddError($"'{text}' is not what {((OptionResult)result.Parent!).Option.Name} takes: expected {expected}.");
        return null;
    }

    private static bool TryReadFuel(string text, out long fuel) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out fuel);

    private static DirectoryGrant[] ReadDirectories(ArgumentResult result)
    {
        var grants = result.Tokens.Select(token => (token.Value, Grant: DirectoryGrant.Parse(token.Value))).ToLookup(pair => pair.Grant is not null);
        foreach (var (text, _) in grants[false])
            result.AddError($"'{text}' is not what --dir takes: expected HOST or HOST::GUEST, and :ro behind it where nothing is to be written.");
        return [.. grants[true].Select(pair => pair.Grant!)];
    }

    private static NetworkPolicy ReadNetwork(ArgumentResult result)
    {
        var policy = new NetworkPolicy();
        foreach (var token in result.Tokens.Where(token => !NetworkGrant.TryAllow(policy, token.Value)))
            result.AddError($"'{token.Value}' is not what --net takes: expected HOST, HOST:PORT or [ADDRESS]:PORT.");
        return policy;
    }

    private static void RequireNames(OptionResult result)
    {
        foreach (var token in result.Tokens.Where(token => token.Value is "" or ['=', ..]))
            result.AddError($"'{token.Value}' names no environment variable: expected NAME=VALUE, or NAME.");
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
