namespace Fermata.Merging;

/// <summary>A name in a module name, which exports of inputs have and imports of inputs name.</summary>
internal sealed class Link
{
    /// <summary>The exports, one for each input that has it: several inputs may have the module name.</summary>
    public List<Item> Exports { get; } = [];

    public List<Item> Imports { get; } = [];

    /// <summary>What the imports are, and the export that led to it; null as long as no export led to anything.</summary>
    public (Item Target, Item Export)? Found { get; set; }
}
