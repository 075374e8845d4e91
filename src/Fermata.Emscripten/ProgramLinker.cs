using Fermata.Emscripten.Functions;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten;

/// <summary>Links a program with the functions of a host and those of Emscripten, in a store.</summary>
internal sealed class ProgramLinker(EmscriptenProgram program, EmscriptenHost host, Store store)
{
    private readonly Linker _linker = new(program.Module.Engine);

    /// <summary>The memory that was made for the program; null if it makes its own.</summary>
    public Memory? Memory { get; private set; }

    /// <summary>The table of functions that was made for the program; null if it makes its own.</summary>
    public Table? Table { get; private set; }

    public async Task<Instance> InstantiateAsync(CancellationToken cancellationToken)
    {
        foreach (var import in program.Module.Imports)
            Define(import);
        if (host.TrapsAtUnknownImports)
            _linker.DefineUnknownImportsAsTraps(program.Module);
        return await _linker.InstantiateAsync(store, program.Module, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Defines what there is for an import; the linker tells of all for which there is nothing.</summary>
    private void Define(ImportType import)
    {
        switch (import.Type)
        {
            case FunctionType { Signature: var wanted }:
                if (Find(import) is not { } definition)
                    break;
                (FittingFunction.Of(definition, definition.TypeIn(store), wanted) with { Name = import.Name }).Define(_linker, import.Module);
                break;

            // What a program does not make itself is made for it.
            case MemoryType memory:
                _linker.Define(import.Module, import.Name, Memory = new Memory(store, memory));
                break;
            case TableType table:
                _linker.Define(import.Module, import.Name, Table = new Table(store, table));
                break;
            case TagType { Signature: { Results: [] } tag }:
                _linker.Define(import.Module, import.Name, new Tag(store, [.. tag.Parameters]));
                break;
            case GlobalType { IsMutable: true } global:
                _linker.Define(import.Module, import.Name, new Global(store, global, 0));
                break;
        }
    }

    private HostFunction? Find(ImportType import)
    {
        var name = program.Names.Of(import);
        return host.Definitions.GetValueOrDefault(name) ?? EmscriptenFunctions.Find(name);
    }
}
