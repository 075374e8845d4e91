using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Fermata.Python;

namespace Fermata.Cli.Commands;

/// <summary>What <c>fermata run</c> and <c>fermata python</c> start behind itself: puts machine code of the functions that a run used into the cache. Their indices are in the standard input.</summary>
internal static class FillCacheCommand
{
    public const string Name = "fill-cache";

    /// <summary>The option that tells that the run used fuel.</summary>
    public const string Fuel = "--fuel";

    /// <summary>The option that tells that it is Python, whose package is in the folder.</summary>
    public const string Python = "--python";

    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The cache." };
        var path = new Argument<string>("PATH") { Description = "The module, or the folder of Python's package." };
        var fuel = new Option<bool>(Fuel) { Description = "For runs with --fuel." };
        var python = new Option<bool>(Python) { Description = "For 'fermata python'." };
        var command = new Command(Name, "Puts machine code of functions into the cache, whose indices are read from the standard input; 'fermata run' starts it.") { folder, path, fuel, python };
        command.Hidden = true;
        command.SetAction(result =>
        {
            var engine = new Engine(ProgramGrants.OptionsOf(result.GetValue(fuel), result.GetRequiredValue(folder)));
            var module = result.GetRequiredValue(path);
            return Fill(result.GetValue(python)
                ? async token => (await PythonDistribution.LoadAsync(engine, module, cancellationToken: token).ConfigureAwait(false)).Module
                : token => Task.FromResult(ModuleFile.Read(module).Load(engine, token)));
        });
        return command;
    }

    private static int Fill(Func<CancellationToken, Task<Module>> load)
    {
        var functions = Console.In.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToList();
        if (NativeCompiler.Find() is not { } found)
            throw new CommandException("crossgen2 is not there any more.");
        using (var self = Process.GetCurrentProcess())
            self.PriorityClass = ProcessPriorityClass.Idle;
        using var interruption = new Interruption(timeout: null);
        try
        {
            var module = load(interruption.Token).GetAwaiter().GetResult();
            var compiler = new NativeCompiler(found.Path) { Priority = ProcessPriorityClass.Idle };
            module.FillCodeCacheAsync(compiler, functions, interruption.Token).GetAwaiter().GetResult();
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            return interruption.ExitCode;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or UnauthorizedAccessException)
        {
            throw new CommandException(e.Message);
        }
    }
}
