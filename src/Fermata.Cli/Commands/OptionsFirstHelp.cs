using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Fermata.Cli.Commands;

/// <summary>Help with more below the options, in which these stand before arguments: the library has them last in the line of the usage, and nothing to say otherwise.</summary>
/// <param name="more">What stands below the options.</param>
internal sealed class OptionsFirstHelp(string more) : SynchronousCommandLineAction
{
    private const string Options = " [options]";

    private readonly HelpAction _help = new();

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var configuration = parseResult.InvocationConfiguration;
        var output = configuration.Output;
        using var text = new StringWriter { NewLine = output.NewLine };
        configuration.Output = text;
        var exitCode = _help.Invoke(parseResult);
        configuration.Output = output;
        foreach (var line in text.ToString().TrimEnd().Split(text.NewLine))
            output.WriteLine(IsUsage(line) ? WithOptionsFirst(line) : line);
        output.WriteLine();
        output.WriteLine(more);
        output.WriteLine();
        return exitCode;
    }

    private static bool IsUsage(string line) => line.StartsWith("  fermata ", StringComparison.Ordinal) && line.EndsWith(Options, StringComparison.Ordinal);

    private static string WithOptionsFirst(string line)
    {
        var usage = line[..^Options.Length];
        var arguments = usage.IndexOfAny(['<', '[']);
        return arguments < 0 ? line : $"{usage[..(arguments - 1)]}{Options} {usage[arguments..]}";
    }
}
