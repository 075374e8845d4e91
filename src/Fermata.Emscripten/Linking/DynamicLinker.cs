using Fermata.Emscripten.Functions;
using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.Linking;

/// <summary>
/// Links side modules with a running program, as <c>dlopen</c> has it. Each imports functions from <c>env</c>, and the addresses of what may be in any module from
/// <c>GOT.func</c> and <c>GOT.mem</c>, the global offset table: variables, so that a symbol can be defined by a module that is loaded later.
/// </summary>
/// <param name="program">The program, which keeps what is compiled.</param>
/// <param name="host">What the program was given.</param>
/// <param name="main">The main module, running.</param>
/// <param name="memory">Its memory.</param>
/// <param name="functions">Its table of functions.</param>
internal sealed class DynamicLinker(EmscriptenProgram program, EmscriptenHost host, Instance main, Memory memory, FunctionTable functions)
{
    private const string Environment = "env", FunctionAddresses = "GOT.func", DataAddresses = "GOT.mem";

    /// <summary>In the global offset table, as long as no module defines the symbol.</summary>
    private const int Unresolved = -1;

    private readonly Dictionary<string, object> _mainExports = main.Exports.ToDictionary(export => export.Name, export => export.Value, StringComparer.Ordinal);
    private readonly Dictionary<string, Global> _offsetTable = [];
    private readonly List<Library> _libraries = [];
    private readonly Dictionary<int, Library> _byHandle = [];

    /// <summary>The most bytes of a library.</summary>
    public int MaxModuleBytes => Store.Engine.Options.MaxModuleBytes;

    private Store Store => main.Store;

    /// <summary>Compiles a side module, unless that was done before for the program.</summary>
    /// <inheritdoc cref="SideModule.Load"/>
    public SideModule Compile(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => program.SideModules.Load(bytes, cancellationToken);

    /// <summary>The library that was loaded from a path; null if there is none.</summary>
    public Library? FindLibrary(string name) => _libraries.Find(library => library.Name == name);

    /// <summary>Lets <see cref="Find(int, string)"/> know a library by its handle.</summary>
    /// <param name="handle">The handle.</param>
    /// <param name="library">The library.</param>
    /// <param name="isGlobal">Whether modules that are loaded later see what it defines, as they do if it was so before.</param>
    public void Open(int handle, Library library, bool isGlobal)
    {
        _byHandle[handle] = library;
        library.IsGlobal |= isGlobal;
    }

    /// <summary>Links a side module, and runs its constructors.</summary>
    /// <param name="name">The path from which it was loaded.</param>
    /// <param name="side">The side module.</param>
    /// <exception cref="LinkException">It needs what no module defines.</exception>
    /// <exception cref="InvalidOperationException">There is no room for its functions.</exception>
    /// <exception cref="InsufficientMemoryException">There is no room for its data.</exception>
    /// <exception cref="TrapException">A constructor trapped.</exception>
    public Library Link(string name, SideModule side)
    {
        var linker = new Linker(Store.Engine);
        SharedGlue.Define(linker, main);
        var memoryBase = Allocate(side.Section);
        var tableBase = side.Section.TableSize == 0 ? 0 : functions.Reserve((int)side.Section.TableSize);
        foreach (var import in side.Module.Imports)
            Define(linker, import, side, memoryBase, tableBase);
        var instance = linker.Instantiate(Store, side.Module);
        var library = new Library(name, SymbolsOf(instance, memoryBase), memoryBase, tableBase, side.Section);
        _libraries.Add(library);
        Resolve(library);
        foreach (var initializer in (ReadOnlySpan<string>)["__wasm_apply_data_relocs", "__wasm_call_ctors"])
        {
            if (instance.TryGetFunction(initializer, out var function))
                function.Invoke();
        }

        return library;
    }

    /// <summary>A pointer to what a library defines, or for another handle any module that others see; null if there is none of that name.</summary>
    public int? Find(int handle, string name)
    {
        Symbol? symbol = !_byHandle.TryGetValue(handle, out var library) ? Find(name)
            : library.Symbols.TryGetValue(name, out var own) ? own
            : null;
        return symbol?.ToPointer(functions);
    }

    /// <summary>What all modules see: what the program defines comes first, then libraries in their order.</summary>
    private Symbol? Find(string name)
    {
        if (_mainExports.TryGetValue(name, out var export) && Symbol.Of(export, memoryBase: 0) is { } ofMain)
            return ofMain;
        foreach (var library in _libraries)
        {
            if (library.IsGlobal && library.Symbols.TryGetValue(name, out var symbol))
                return symbol;
        }

        return null;
    }

    private int Allocate(DynamicSection section)
    {
        if (section.MemorySize == 0)
            return 0;
        if (section.MemorySize > int.MaxValue)
            throw new InsufficientMemoryException($"the library wants {section.MemorySize} bytes for its data");
        var allocator = Function("emscripten_builtin_memalign") ?? Function("memalign")
            ?? throw new NotSupportedException("the program exports no memalign, which gives a library its memory");
        var address = allocator.Invoke((int)section.MemoryAlignment, (int)section.MemorySize)[0].AsI32();
        if (address == 0)
            throw new InsufficientMemoryException($"the program has no {section.MemorySize} bytes for the data of the library");
        memory.GetSpan(address, (int)section.MemorySize).Clear();
        return address;
    }

    private Function? Function(string name) => _mainExports.GetValueOrDefault(name) as Function;

    /// <summary>Defines what there is for an import; the linker tells of all for which there is nothing.</summary>
    private void Define(Linker linker, ImportType import, SideModule side, int memoryBase, int tableBase)
    {
        switch (import.Module, import.Name, import.Type)
        {
            case (FunctionAddresses or DataAddresses, var symbol, GlobalType type) when OffsetOf(symbol, type, side) is { } element:
                linker.Define(import.Module, symbol, element);
                break;
            case (Environment, "__memory_base", GlobalType type):
                linker.Define(Environment, import.Name, new Global(Store, type, memoryBase));
                break;
            case (Environment, "__table_base", GlobalType type):
                linker.Define(Environment, import.Name, new Global(Store, type, tableBase));
                break;
            case (_, _, MemoryType):
                linker.Define(import.Module, import.Name, memory);
                break;
            case (_, _, TableType):
                linker.Define(import.Module, import.Name, functions.Table);
                break;
            case (_, _, GlobalType) when _mainExports.GetValueOrDefault(import.Name) is Global global:
                linker.Define(import.Module, import.Name, global);
                break;
            case (_, _, TagType) when _mainExports.GetValueOrDefault(import.Name) is Tag tag:
                linker.Define(import.Module, import.Name, tag);
                break;
            case (not SharedGlue.Module, _, FunctionType { Signature: var wanted }):
                DefineFunction(linker, import, wanted);
                break;
        }
    }

    /// <summary>What a module defines is WebAssembly, and comes before functions of the host.</summary>
    private void DefineFunction(Linker linker, ImportType import, FuncType wanted)
    {
        if (Find(import.Name) is { Function: { } function })
            linker.Define(import.Module, import.Name, function);
        else if ((host.Definitions.GetValueOrDefault(import.Name) ?? EmscriptenFunctions.Find(import.Name)) is { } definition)
            (FittingFunction.Of(definition, definition.TypeIn(Store), wanted) with { Name = import.Name }).Define(linker, import.Module);
    }

    /// <summary>
    /// An element of the global offset table, which keeps its value when another module defines the symbol, too. Null if neither a module nor the one that asks defines it,
    /// and that needs it.
    /// </summary>
    private Global? OffsetOf(string symbol, GlobalType type, SideModule side)
    {
        if (_offsetTable.TryGetValue(symbol, out var element) && element.Value.AsI32() != Unresolved)
            return element;
        var found = Find(symbol);
        if (found is null && !side.Section.WeakImports.Contains(symbol) && !side.Module.Exports.Any(export => export.Name == symbol))
            return null;
        element ??= _offsetTable[symbol] = new Global(Store, type, Unresolved);
        element.Value = found?.ToPointer(functions) ?? Unresolved;
        return element;
    }

    private static Dictionary<string, Symbol> SymbolsOf(Instance instance, int memoryBase)
    {
        var symbols = new Dictionary<string, Symbol>(StringComparer.Ordinal);
        foreach (var export in instance.Exports)
        {
            if (Symbol.Of(export.Value, memoryBase) is { } symbol)
                symbols.Add(export.Name, symbol);
        }

        return symbols;
    }

    /// <summary>Writes to the global offset table what a library defines; what is weak and defined by none is null.</summary>
    private void Resolve(Library library)
    {
        foreach (var (symbol, element) in _offsetTable)
        {
            if (element.Value.AsI32() != Unresolved)
                continue;
            if (library.Symbols.TryGetValue(symbol, out var own))
                element.Value = own.ToPointer(functions);
            else if (library.Section.WeakImports.Contains(symbol))
                element.Value = 0;
        }
    }
}
