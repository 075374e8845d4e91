using Fermata.Emscripten.DynamicLinking;

namespace Fermata.Emscripten;

/// <summary>A library (side module) that was loaded into a running program. <see cref="EmscriptenInstance.LoadLibraryAsync(string, CancellationToken)"/> gives it.</summary>
public sealed class EmscriptenLibrary
{
    private readonly DynamicLinker _linker;
    private readonly Library _library;

    internal EmscriptenLibrary(DynamicLinker linker, Library library) => (_linker, _library) = (linker, library);

    /// <summary>Its path, as the program sees it; or the name that the host gave it.</summary>
    public string Name => _library.Name;

    /// <summary>The instance, whose functions can be called.</summary>
    public Instance Instance => _library.Instance;

    /// <summary>What <c>dlsym</c> gives for a symbol: the address of data, or the index of a function in the table; zero if there is no such symbol.</summary>
    /// <param name="symbol">The symbol, as C names it.</param>
    /// <exception cref="InvalidOperationException">The table has no room for the function.</exception>
    public uint GetAddress(string symbol)
    {
        ArgumentNullException.ThrowIfNull(symbol);
        return _linker.FindAddress(_library, symbol) ?? 0;
    }
}
