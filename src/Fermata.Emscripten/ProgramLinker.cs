using Fermata.Emscripten.DynamicLinking;

namespace Fermata.Emscripten;

/// <summary>Links a program with the functions of a host and those of Emscripten, in a store.</summary>
internal sealed class ProgramLinker(EmscriptenProgram program, EmscriptenHost host, Store store, DynamicLinker libraries)
{
    private readonly Linker _linker = new(program.Module.Engine);
    private readonly Dictionary<string, object> _made = new(StringComparer.Ordinal);

    /// <summary>What was made for the program as it does not make that itself: memories, tables, tags and globals, by Emscripten's names of its imports.</summary>
    public IReadOnlyDictionary<string, object> Made => _made;

    /// <summary>The first such thing of a type; null if there is none.</summary>
    public T? Find<T>()
        where T : class => _made.Values.OfType<T>().FirstOrDefault();

    public Task<Instance> InstantiateAsync(CancellationToken cancellationToken)
    {
        Define();
        return _linker.InstantiateAsync(store, program.Module, cancellationToken);
    }

    /// <summary>The same for a program that begins with an image.</summary>
    public Instance Instantiate(InstanceImage image, Func<object, object?>? load)
    {
        Define();
        return _linker.Instantiate(store, image, load);
    }

    private void Define()
    {
        var unknown = program.Module.Imports.Where(import => !TryDefine(import)).ToList();
        if (host.TrapsAtUnknownImports)
        {
            if (program.LoadsLibraries)
                libraries.LateFunctions.Define(_linker, unknown);
            _linker.DefineUnknownImportsAsTraps(program.Module);
        }
    }

    /// <summary>Defines what there is for an import; the linker tells of all for which there is nothing.</summary>
    private bool TryDefine(ImportType import)
    {
        switch (import.Type)
        {
            case FunctionType { Signature: var wanted }:
                if (host.Find(program.Names.Of(import)) is not { } definition)
                    return false;
                (FittingFunction.Of(definition, definition.TypeIn(store), wanted) with { Name = import.Name }).Define(_linker, import.Module);
                return true;
            case GlobalType when GlobalOffsetTable.Has(import):
                _linker.Define(import.Module, import.Name, libraries.Offsets[import.Name]);
                return true;

            // What a program does not make itself is made for it.
            case MemoryType memory:
                _linker.Define(import.Module, import.Name, Make(import, new Memory(store, memory)));
                return true;
            case TableType table:
                _linker.Define(import.Module, import.Name, Make(import, new Table(store, table)));
                return true;
            case TagType { Signature: { Results: [] } tag }:
                _linker.Define(import.Module, import.Name, Make(import, new Tag(store, [.. tag.Parameters])));
                return true;
            case GlobalType { IsMutable: true } global:
                _linker.Define(import.Module, import.Name, Make(import, new Global(store, global, 0)));
                return true;
            default:
                return false;
        }
    }

    private T Make<T>(ImportType import, T value)
        where T : class
    {
        _made[program.Names.Of(import)] = value;
        return value;
    }
}
