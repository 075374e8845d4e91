using System.Text.Json.Serialization;

namespace Fermata.Bench;

/// <summary>A WASI program and what it is given. It prints the line <c>ready</c>, and then measures a round whenever it is told to.</summary>
/// <param name="Module">The path of its module.</param>
/// <param name="Arguments">Its arguments, from its name on.</param>
internal sealed record WasiCommand(string Module, IReadOnlyList<string> Arguments)
{
    /// <summary>Directories of the machine, by the paths under which the program finds them.</summary>
    public IReadOnlyDictionary<string, string> Directories { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the program looks for a file <c>0</c>, <c>1</c>, … that has it measure a round; null if it reads a line instead.</summary>
    public string? PromptDirectory { get; init; }

    /// <summary>The same with a directory of the machine as <see cref="PromptDirectory"/>, which it must have.</summary>
    public WasiCommand WithPrompts(string folder) => this with { Directories = new Dictionary<string, string>(Directories) { [PromptDirectory!] = folder } };

    /// <summary>Where <c>fermata</c> finds machine code of it; null if nothing is kept from one start to the next.</summary>
    [JsonIgnore]
    public ToolCache? Cache { get; init; }

    /// <summary>What Node runs instead, a script of <c>bench/v8</c>; null if it runs the same program.</summary>
    [JsonIgnore]
    public string? NodeScript { get; init; }
}
