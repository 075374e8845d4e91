namespace Fermata.Emscripten.DynamicLinking;

/// <summary>A library that is to be loaded.</summary>
/// <param name="Name">Its path, or a name to be looked for.</param>
/// <param name="IsGlobal">Whether modules that are loaded later see its symbols (<c>RTLD_GLOBAL</c>).</param>
/// <param name="Bytes">The module; null if it is in a file.</param>
internal sealed record LibraryRequest(string Name, bool IsGlobal, ReadOnlyMemory<byte>? Bytes = null)
{
    /// <summary>Directories in which it is looked for first.</summary>
    public IEnumerable<string> Directories { get; init; } = [];
}
