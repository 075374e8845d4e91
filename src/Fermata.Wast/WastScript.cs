using Fermata.Text;

namespace Fermata.Wast;

/// <summary>A script of the specification's test suite: modules, calls, and what is to come of them.</summary>
/// <remarks>The language is the one of the reference interpreter (interpreter/README.md, "Scripts").</remarks>
public sealed class WastScript
{
    private WastScript(string name, IReadOnlyList<WastCommand> commands)
    {
        Name = name;
        Commands = commands;
    }

    /// <summary>What the script is called in reports, such as its path.</summary>
    public string Name { get; }

    /// <summary>How many assertions the script makes.</summary>
    public int AssertionCount => Commands.Sum(command => command.AssertionCount);

    /// <summary>How many of them do not stand inside a thread: the suite's manifest counts only these.</summary>
    public int AssertionCountOutsideThreads => Commands.Where(command => command is not ThreadCommand).Sum(command => command.AssertionCount);

    internal IReadOnlyList<WastCommand> Commands { get; }

    /// <summary>Reads a script. Modules in it are not read before they are run.</summary>
    /// <param name="name">What to call the script.</param>
    /// <param name="utf8">Its text.</param>
    /// <exception cref="MalformedModuleException">The text is not a script.</exception>
    public static WastScript Parse(string name, ReadOnlyMemory<byte> utf8) =>
        new(name, new WastParser(new TokenCursor(new TextSource(utf8))).ParseScript());

    /// <summary>Reads a script from a file; see <see cref="Parse"/>.</summary>
    /// <param name="path">The file.</param>
    public static WastScript Load(string path) => Parse(path, File.ReadAllBytes(path));
}
