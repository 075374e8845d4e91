using System.CommandLine;

namespace Fermata.Cli.Commands;

/// <summary>The option by which commands that run Python say where that comes from (<see cref="PyodidePackage"/>).</summary>
internal sealed class PackageOption
{
    private readonly Option<string?> _folder = new("--pyodide")
    {
        Description = $"The folder of the npm package pyodide that Python comes from. Default: {PyodidePackage.Variable}, or one in the folder of --cache, where npm installs it once.",
        HelpName = "DIR",
    };

    /// <param name="command">The command that gets it.</param>
    public PackageOption(Command command) => command.Options.Add(_folder);

    /// <summary>The folder that is named; null or empty for none.</summary>
    public string? Read(ParseResult result) => result.GetValue(_folder) ?? Environment.GetEnvironmentVariable(PyodidePackage.Variable);
}
