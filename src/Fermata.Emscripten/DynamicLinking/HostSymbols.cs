using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.DynamicLinking;

/// <summary>The functions of a host, and those of Emscripten, for libraries.</summary>
internal sealed class HostSymbols(Store store, EmscriptenHost host)
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
        if (!_functions.TryGetValue(symbol, out var function))
        {
            if (host.Find(symbol) is not { } definition)
                return null;
            _functions[symbol] = function = Import(definition.TypeIn(store), symbol, main);
        }

        return (uint)main.Functions.IndexOf(function);
    }

    /// <summary>A function as a module imports it that has the memory of the program, as the host's code looks for that at its caller.</summary>
    private Function Import(FuncType type, string symbol, MainModule main)
    {
        const string env = "env", memory = "memory", export = "function";
        var module = Module.Load(store.Engine, ModuleInfo.Parse(
            $"""
            {WatText.Import(main.Memory.Type.ToString(), memory, env, memory)}
            (func (export "{export}") (import "{env}" {WatText.Quote(symbol)}) {WatText.Signature(type)})
            """).Bytes);
        var linker = new Linker(store.Engine).Define(env, memory, main.Memory);
        TryDefine(linker, module.Imports.Single(import => import.Name == symbol), type);
        return linker.Instantiate(store, module).GetFunction(export);
    }
}
