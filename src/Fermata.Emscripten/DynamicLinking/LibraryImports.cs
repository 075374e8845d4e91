using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.DynamicLinking;

/// <summary>Defines what a library imports.</summary>
/// <param name="store">The store of the program.</param>
/// <param name="linker">Where it is defined.</param>
/// <param name="main">The main module.</param>
/// <param name="host">What the host has.</param>
/// <param name="symbols">The addresses of symbols, and the functions that are defined later.</param>
/// <param name="find">A function of another module; null if there is none.</param>
internal sealed class LibraryImports(Store store, Linker linker, MainModule main, HostSymbols host, DynamicLinker symbols, Func<string, Function?> find)
{
    private const string Usual = "env";

    public void Define(Module module, uint memoryBase, int tableBase)
    {
        SharedGlue.DefineFor(linker, module, () => main.Glue);
        linker.Define(Usual, "__memory_base", Base((int)memoryBase)).Define(Usual, "__table_base", Base(tableBase));
        linker.DefineSelf(Usual);
        var own = module.Exports.Where(export => export.Type.Kind == ExternKind.Func).Select(export => export.Name).ToHashSet(StringComparer.Ordinal);
        var late = module.Imports.Where(import => import.Module != SharedGlue.Module && !TryDefine(import) && !(import.Module == Usual && own.Contains(import.Name)));
        symbols.LateFunctions.Define(linker, late.ToList());
    }

    /// <summary>Defines an import; false for a function that there is not.</summary>
    private bool TryDefine(ImportType import)
    {
        var (from, name) = (import.Module, import.Name);
        switch (import.Type)
        {
            case FunctionType { Signature: var wanted }:
                if (find(name) is { } function)
                    linker.Define(from, name, function);
                else if (!host.TryDefine(linker, import, wanted))
                    return false;
                break;
            case MemoryType:
                linker.Define(from, name, main.Memory);
                break;
            case TableType:
                linker.Define(from, name, main.Functions.Table);
                break;
            case TagType { Signature: { Results: [] } tag }:
                linker.Define(from, name, main.Find<Tag>(name) ?? symbols.TagOf(name, tag));
                break;
            case GlobalType when GlobalOffsetTable.Has(import):
                linker.Define(from, name, symbols.Offsets[name]);
                break;
            case GlobalType { IsMutable: true }:
                linker.Define(from, name, main.Require<Global>(name));
                break;
        }

        return true;
    }

    private Global Base(int value) => new(store, new GlobalType(ValType.I32, IsMutable: false), value);
}
