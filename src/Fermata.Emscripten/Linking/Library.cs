namespace Fermata.Emscripten.Linking;

/// <summary>A side module that has been linked with the program.</summary>
/// <param name="Name">The path from which it was loaded.</param>
/// <param name="Symbols">What it defines.</param>
/// <param name="MemoryBase">Where its data is.</param>
/// <param name="TableBase">The index of its first function.</param>
/// <param name="Section">What it told the linker.</param>
internal sealed record Library(string Name, IReadOnlyDictionary<string, Symbol> Symbols, int MemoryBase, int TableBase, DynamicSection Section)
{
    /// <summary>Whether modules that are loaded later see what it defines.</summary>
    public bool IsGlobal { get; set; }
}
