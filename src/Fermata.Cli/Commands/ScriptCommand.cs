using System.CommandLine;
using System.Globalization;
using Fermata.Structure;
using Fermata.Wast;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata wast</c>: runs scripts of the specification's test suite.</summary>
internal static class ScriptCommand
{
    public const string Name = "wast";

    public static Command Create(Terminal terminal)
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "Scripts, and folders with scripts. Without any, the whole suite: the folder that FERMATA_SPEC names, or ../shared/spec.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var everywhere = new Option<bool>("--suspend-everywhere") { Description = "Suspend and resume at every call. Slow; results are to be the same." };
        var split = new Option<bool>("--split-everywhere") { Description = "Compile every function in pieces of few instructions. Slow; results are to be the same." };
        var bounds = new Option<BoundsChecks>("--bounds-checks")
        {
            Description = "Leave bounds of memories to guard pages where there are any, or have code compare each address; results are to be the same.",
            HelpName = "automatic|explicit",
        };
        var roundTrip = new Option<RoundTripForm>("--round-trip")
        {
            Description = "Write modules in this form, and read them again, before they are compiled; results are to be the same.",
            HelpName = "binary|folded|flat|merged",
        };
        var persisted = new Option<bool>("--persisted") { Description = "Compile modules into assemblies, and load them from those; results are to be the same." };
        var snapshots = new Option<bool>("--snapshot-everywhere")
        {
            Description = "Save stores as snapshots at the first entries of functions and heads of loops of each call, and go on in a restored one. Slow; results are to be the same.",
        };
        var command = new Command(Name, "Runs scripts of the WebAssembly specification's test suite.") { paths, everywhere, split, bounds, roundTrip, persisted, snapshots };
        command.SetAction(result =>
        {
            var runner = new WastRunner(result.GetValue(everywhere), result.GetValue(split), result.GetValue(bounds))
            {
                RoundTrip = result.GetValue(roundTrip),
                Persists = result.GetValue(persisted),
                SnapshotsEverywhere = result.GetValue(snapshots),
            };
            return Run(terminal, result.GetValue(paths) ?? [], new ScriptRun(runner));
        });
        return command;
    }

    private static int Run(Terminal terminal, string[] paths, ScriptRun run)
    {
        var selection = Select(paths);
        var progress = new Progress(terminal, selection.Count);
        foreach (var script in selection)
        {
            progress.Show(script.Name);
            var lines = run.Add(script);
            progress.Clear();
            foreach (var line in lines)
                terminal.Output.WriteLine(line);
        }

        if (run.Snapshots is { } snapshots)
        {
            terminal.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{snapshots.Snapshots} snapshots of {snapshots.Calls} calls, {snapshots.Refusals.Values.Sum()} calls without"));
        }

        terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{run.Passed} passed, {run.Failed} failed, {run.Skipped} skipped"));
        return run.Failed == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static List<SelectedScript> Select(string[] paths)
    {
        try
        {
            if (paths.Length > 0)
                return [.. paths.SelectMany(SelectedScript.At)];
            var suite = SpecSuite.Find()
                ?? throw CommandException.Usage(
                    $"the specification's test suite is not there; name scripts, set {SpecSuite.Variable} to its folder, or put it at ../shared/spec beside the repository.");
            return [.. SelectedScript.Of(suite)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandException(HostileText.Printable(e.Message));
        }
    }
}
