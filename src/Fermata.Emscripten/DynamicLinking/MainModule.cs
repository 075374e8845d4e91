using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.DynamicLinking;

/// <summary>What libraries are given by the main module of a program, running, or by its host in place of that.</summary>
internal sealed class MainModule(Instance instance, IReadOnlyDictionary<string, object> made, FunctionTable? functions)
{
    private static readonly string[] LoadingFunctions = ["_dlopen_js", "_emscripten_dlopen_js"];

    /// <summary>Where in memory and table a relocatable module begins.</summary>
    private static readonly string[] Bases = ["__memory_base", "__table_base"];

    public SymbolSource Symbols { get; } = new(instance, memoryBase: 0);

    public Memory Memory => field ??= Require<Memory>("memory");

    public FunctionTable Functions => functions ?? throw new DynamicLinkException(
        "the program exports no __indirect_function_table, which libraries need: compile it with -sMAIN_MODULE");

    /// <summary>The module whose exports are what the glue of all modules has in common: the main module, unless that has no glue.</summary>
    public Instance Glue => field ??= instance.Module.Exports.Any(export => export.Name == SharedGlue.NameOf(SharedGlue.LongjmpTag)) ? instance : StartGlue();

    /// <summary>Whether a module is made to load libraries, by what it imports.</summary>
    public static bool LoadsLibraries(IEnumerable<ImportType> imports, EmscriptenNames names) =>
        imports.Any(import => GlobalOffsetTable.Has(import) || (names.IsOfEmscripten(import) && LoadingFunctions.Contains(names.Of(import))));

    /// <summary>Sees to it that a main module has its own places in memory and table.</summary>
    /// <exception cref="NotSupportedException">It is relocatable: Emscripten's JavaScript would give it those, with a stack and all else that a linker lays out.</exception>
    public static void RequireLaidOut(IEnumerable<ImportType> imports, EmscriptenNames names)
    {
        if (imports.FirstOrDefault(import => import.Type is GlobalType && names.IsOfEmscripten(import) && Bases.Contains(names.Of(import))) is not { } relocated)
            return;
        throw new NotSupportedException(
            $"The program is a relocatable main module: it imports {names.Of(relocated)}. Link it with Emscripten 4.0.19 or later, whose main modules are not, and without -sRELOCATABLE and -pie; " +
            "or, if it is a library (-sSIDE_MODULE), load it into a program (EmscriptenInstance.LoadLibraryAsync).");
    }

    /// <summary>A thing that is no function, by the name under which the main module exports or imports it; null if there is none.</summary>
    public T? Find<T>(string name)
        where T : class => instance.Find<T>(name) ?? made.GetValueOrDefault(name) as T;

    /// <exception cref="DynamicLinkException">There is none.</exception>
    public T Require<T>(string name)
        where T : class => Find<T>(name) ?? throw new DynamicLinkException($"the program exports no {name}, which libraries need: compile it with -sMAIN_MODULE");

    /// <summary>A function of the glue to which modules have pointers; null if there is none.</summary>
    public Function? FindInGlue(string symbol) => SharedGlue.IsCallable(symbol) && Glue.TryGetFunction(SharedGlue.NameOf(symbol), out var function) ? function : null;

    /// <summary>A function of the program that the glue uses.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public Function RequireOfGlue(string symbol) => Glue.TryGetFunction(SharedGlue.NameOf(symbol), out var function)
        ? function
        : throw new NotSupportedException($"The program exports none of {string.Join(", ", ProgramSymbols.All[symbol].Exports)}, which calls through libffi need.");

    /// <exception cref="DynamicLinkException">There is none.</exception>
    public Function RequireFunction(string name) =>
        Symbols.FindFunction(name) ?? throw new DynamicLinkException($"the program exports no function {name}, which libraries need: compile it with -sMAIN_MODULE");

    private Instance StartGlue()
    {
        const string program = "program";
        var glue = new GlueModule(instance.Module.Imports, instance.Module.Exports, program, EmscriptenNames.None, isSide: false);
        glue.AddShared();
        var module = Module.Load(instance.Module.Engine, glue.Assemble().Bytes);
        var linker = new Linker(module.Engine).DefineInstance(program, instance);
        foreach (var import in module.Imports.Where(import => import.Module != program))
        {
            _ = made[import.Name] switch
            {
                Memory memory => linker.Define(import.Module, import.Name, memory),
                Table table => linker.Define(import.Module, import.Name, table),
                var global => linker.Define(import.Module, import.Name, (Global)global),
            };
        }

        return linker.Instantiate(instance.Store, module);
    }
}
