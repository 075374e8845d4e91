using System.CommandLine;

namespace Fermata.Cli.Commands;

/// <summary>The option by which commands that run programs say where their caches are (<see cref="ProgramCache"/>).</summary>
internal sealed class CacheOption
{
    private readonly Option<string?> _folder = new("--cache")
    {
        Description = "Where machine code of programs, and Python's library, are kept, so that they start sooner; off for nowhere. Default: FERMATA_CACHE, or a folder of the user.",
        HelpName = "DIR|off",
    };

    /// <param name="command">The command that gets it.</param>
    public CacheOption(Command command) => command.Options.Add(_folder);

    /// <summary>The folder; null for none.</summary>
    public string? Read(ParseResult result, Terminal terminal) => result.GetValue(_folder) is { } setting ? ProgramCache.Folder(setting) : terminal.CacheFolder;
}
