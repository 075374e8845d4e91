using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace Fermata.Cli.Commands;

/// <summary>What <c>fermata run</c> starts behind itself: puts machine code of the functions that a run used into the cache. Their indices are in the standard input.</summary>
internal static class FillCacheCommand
{
    public const string Name = "fill-cache";

    /// <summary>The option that tells that the run used fuel.</summary>
    public const string Fuel = "--fuel";

    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The cache." };
        var file = new Argument<string>("FILE") { Description = "The module." };
        var fuel = new Option<bool>(Fuel) { Description = "For runs with --fuel." };
        var command = new Command(Name, "Puts machine code of functions into the cache, whose indices are read from the standard input; 'fermata run' starts it.") { folder, file, fuel };
        command.Hidden = true;
        command.SetAction(result => Fill(result.GetRequiredValue(folder), ModuleFile.Read(result.GetRequiredValue(file)), result.GetValue(fuel)));
        return command;
    }

    private static int Fill(string folder, ModuleFile file, bool usesFuel)
    {
        var functions = Console.In.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToList();
        if (NativeCompiler.Find() is not { } found)
            throw new CommandException("crossgen2 is not there any more.");
        using (var self = Process.GetCurrentProcess())
            self.PriorityClass = ProcessPriorityClass.Idle;
        using var interruption = new Interruption(timeout: null);
        try
        {
            var module = file.Load(new Engine(ProgramRun.OptionsOf(usesFuel, folder)), interruption.Token);
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
