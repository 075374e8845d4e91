using System.Diagnostics;
using System.Globalization;
using Fermata.Cli.Commands;

namespace Fermata.Cli;

/// <summary>The machine code that <c>fermata run</c> and <c>fermata python</c> keep of programs: where it is, and how it comes there after a run, in another process.</summary>
internal static class ProgramCache
{
    /// <summary>The environment variable that says where it is, as <c>--cache</c> does.</summary>
    public const string Variable = "FERMATA_CACHE";

    /// <summary>What stands for no cache.</summary>
    public const string Off = "off";

    /// <summary>The folder that is meant; null for no cache.</summary>
    /// <param name="setting">A folder, or <see cref="Off"/>; null or empty for the folder of the user.</param>
    public static string? Folder(string? setting) => setting is Off ? null : setting is { Length: > 0 } ? setting : UserFolder;

    /// <summary>What programs that keep such things use on each system; null where there is none.</summary>
    private static string? UserFolder
    {
        get
        {
            var folder =
                OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
                : (Environment.GetEnvironmentVariable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)) is not { Length: > 0 } home ? ""
                : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
                : Path.Combine(home, ".cache");
            return folder.Length == 0 ? null : Path.Combine(folder, "fermata");
        }
    }

    /// <summary>After a run: if much was compiled, has a process of its own make machine code of it, which goes on when this one has ended.</summary>
    /// <param name="module">The module that ran.</param>
    /// <param name="path">Where it is: a file, or the folder of Python's package.</param>
    /// <param name="isPython">Whether it is Python.</param>
    public static void FillIfBehind(Module module, string path, bool isPython = false)
    {
        if (!module.IsCodeCacheBehind || NativeCompiler.Find() is null)
            return;
        string[] options = [.. module.Engine.Options.UsesFuel ? [FillCacheCommand.Fuel] : (string[])[], .. isPython ? [FillCacheCommand.Python] : (string[])[]];
        var start = Self([FillCacheCommand.Name, .. options, module.Engine.Options.CodeCache!.Folder, Path.GetFullPath(path)]);

        // It is to keep nobody waiting who reads what this process writes.
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.CreateNoWindow = true;
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Write(string.Join(' ', module.CompiledFunctions.Select(function => function.ToString(CultureInfo.InvariantCulture))));
            process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or System.ComponentModel.Win32Exception)
        {
            // The next start takes as long as this one.
        }
    }

    /// <summary>This command with other arguments. It runs on its own, or as what <c>dotnet</c> runs.</summary>
    private static ProcessStartInfo Self(string[] arguments)
    {
        var program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new ProcessStartInfo(program, ["exec", typeof(ProgramCache).Assembly.Location, .. arguments])
            : new ProcessStartInfo(program, arguments);
    }
}
