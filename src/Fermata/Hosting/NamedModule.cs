namespace Fermata;

/// <summary>A module that is to be merged with others.</summary>
/// <param name="Name">The module name under which it is imported from. Several may have one name, and their exports are imported as one.</param>
/// <param name="Module">The module.</param>
public sealed record NamedModule(string Name, ModuleInfo Module)
{
    /// <summary>Where it comes from, for messages. Default: the name.</summary>
    public string Source { get; init; } = Name;

    /// <summary>Whether the merged module has its exports too, which otherwise only the other modules import. Default: true.</summary>
    public bool KeepsExports { get; init; } = true;
}
