using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.DynamicLinking;

/// <summary>The functions of a host, and those of Emscripten, for libraries.</summary>
internal sealed class HostSymbols(Store store, EmscriptenHost host, CompiledLibraries modules)
{
    private readonly Dictionary<string, Function> _functions = new(StringComparer.Ordinal);

    /// <summary>Defines an import of a library.</summary>
    public bool TryDefine(Linker linker, ImportType import, FuncType wanted)
    {
        if (host.Find(import.Name) is not { } definition)
            return false;
        (FittingFunction.Of(definition, definition.TypeIn(store), wanted) with { Name = import.Name }).Define(linker, import.Module);
        return true;
    }

    /// <summary>The pointer to a function; null if there is none.</summary>
    /// <exception cref="InvalidOperationException">The table has no room for it.</exception>
    public uint? Find(string symbol, MainModule main)
    {
        return FindFunction(symbol, main) is { } function ? (uint)main.Functions.IndexOf(function) : null;
    }

    /// <summary>The symbol of a function to which there is a pointer; null if it is none of these.</summary>
    public string? SymbolOf(Function function) => _functions.FirstOrDefault(pair => pair.Value == function).Key;

    /// <summary>All pointers, by symbol.</summary>
    public (string Symbol, int Pointer)[] Pointers(MainModule main) => [.. _functions.Select(pair => (pair.Key, main.Functions.IndexOf(pair.Value)))];

    /// <summary>Makes the functions to which an image of the program has pointers.</summary>
    /// <param name="pointers">The pointers, by symbol.</param>
    /// <param name="main">The main module.</param>
    public void Restore(IEnumerable<(string Symbol, int Pointer)> pointers, MainModule main)
    {
        foreach (var (symbol, pointer) in pointers)
            main.Functions.Table.Set(pointer, FindFunction(symbol, main) ?? throw new DynamicLinkException($"the image has a pointer to {symbol}, which the host does not define"));
    }

    private Function? FindFunction(string symbol, MainModule main)
    {
        if (!_functions.TryGetValue(symbol, out var function) && host.Find(symbol) is { } definition)
            _functions[symbol] = function = Import(definition.TypeIn(store), symbol, main);
        return function;
    }

    /// <summary>A function as a module imports it that has the memory of the program, as the host's code looks for that at its caller.</summary>
    private Function Import(FuncType type, string symbol, MainModule main)
    {
        const string env = "env", memory = "memory", export = "function";
        var module = modules.Parse(
            store.Engine,
            $"""
            {WatText.Import(main.Memory.Type.ToString(), memory, env, memory)}
            (func (export "{export}") (import "{env}" {WatText.Quote(symbol)}) {WatText.Signature(type)})
            """);
        var linker = new Linker(store.Engine).Define(env, memory, main.Memory);
        TryDefine(linker, module.Imports.Single(import => import.Name == symbol), type);
        return linker.Instantiate(store, module).GetFunction(export);
    }
}
