using System.CommandLine;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata compile</c>: writes an assembly with the code of a module.</summary>
internal static class CompileCommand
{
    public const string Name = "compile";

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The module, binary or text." };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write; FILE with the extension .dll otherwise. It names the assembly and its class.", HelpName = "OUT" };
        var noNative = new Option<bool>("--no-native")
        {
            Description = "Write IL alone, for an application whose publication makes machine code (ReadyToRun, NativeAOT). Otherwise crossgen2 makes it, for this platform.",
        };
        var crossgen = new Option<string?>("--crossgen2") { Description = "The program crossgen2; without it, the one among NuGet's packages.", HelpName = "PATH" };
        var fuel = new Option<bool>("--fuel") { Description = "Compile for engines whose code uses up fuel (EngineOptions.UsesFuel)." };
        var bounds = new Option<BoundsChecks>("--bounds-checks")
        {
            Description = "Leave bounds of memories to guard pages where this platform has them, or have code compare each address, which runs on each platform.",
            HelpName = "automatic|explicit",
        };
        var command = new Command(Name, "Compiles a module ahead of time, to a .NET assembly that applications refer to.") { file, output, noNative, crossgen, fuel, bounds };
        command.SetAction(result =>
        {
            var path = result.GetRequiredValue(file);
            var options = new EngineOptions { UsesFuel = result.GetValue(fuel), BoundsChecks = result.GetValue(bounds), MaxLoadTime = Timeout.InfiniteTimeSpan };
            var compiler = result.GetValue(noNative) ? null : CompilerAt(result.GetValue(crossgen));
            return AssemblyOutput.Write(terminal, ModuleFile.Read(path), result.GetValue(output) ?? Path.ChangeExtension(path, ".dll"), options, compiler);
        });
        return command;
    }

    private static NativeCompiler CompilerAt(string? path)
    {
        if (path is not null)
            return new NativeCompiler(path);
        return NativeCompiler.Find() ?? throw new CommandException(
            $"crossgen2, which makes machine code, is not there. Get it with 'dotnet package download {NativeCompiler.PackageName}@{Environment.Version} -o ~/.nuget/packages', "
            + "name it with --crossgen2, or do without, with --no-native.");
    }
}
