using System.CommandLine;

namespace Fermata.Cli.Commands;

/// <summary>The options by which commands that run Python say where that comes from (<see cref="PyodidePackage"/>), and the packages that it has.</summary>
internal sealed class PackageOptions
{
    private readonly Option<string?> _folder = new("--pyodide")
    {
        Description = $"The folder of the npm package pyodide that Python comes from. Default: {PyodidePackage.Variable}, or one in the folder of --cache, where npm installs it once.",
        HelpName = "DIR",
    };

    private readonly Option<string[]> _wheels = new("--wheels")
    {
        Description = "Gives Python the packages of a wheel (.whl), or of all wheels of a folder: those that are written in Python, or compiled for this Pyodide. May be repeated.",
        HelpName = "PATH",
    };

    /// <param name="command">The command that gets them.</param>
    public PackageOptions(Command command)
    {
        command.Options.Add(_folder);
        command.Options.Add(_wheels);
    }

    /// <summary>The wheels and folders of wheels.</summary>
    public string[] ReadWheels(ParseResult result) => result.GetValue(_wheels) ?? [];

    /// <summary>The folder of the npm package that is named; null or empty for none.</summary>
    public string? ReadFolder(ParseResult result) => result.GetValue(_folder) ?? Environment.GetEnvironmentVariable(PyodidePackage.Variable);
}
