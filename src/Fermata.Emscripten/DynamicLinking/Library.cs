namespace Fermata.Emscripten.DynamicLinking;

/// <summary>A library that is linked with the program.</summary>
/// <param name="Name">Its path, or the name that the host gave it.</param>
/// <param name="Section">What it wanted.</param>
/// <param name="Instance">The module, running.</param>
/// <param name="MemoryBase">The address of its memory.</param>
/// <param name="TableBase">The index of the first of its elements in the table.</param>
/// <param name="Needed">The libraries that it needs.</param>
internal sealed record Library(string Name, DylinkSection Section, Instance Instance, uint MemoryBase, int TableBase, IReadOnlyList<Library> Needed)
{
    public SymbolSource Symbols { get; } = new(Instance, MemoryBase);

    /// <summary>Whether modules that are loaded later see its symbols (<c>RTLD_GLOBAL</c>).</summary>
    public bool IsGlobal { get; set; }
}
