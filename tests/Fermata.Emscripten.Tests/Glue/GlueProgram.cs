using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.Tests.Glue;

/// <summary>A program in the text format, as Emscripten would compile it, merged with its glue and running.</summary>
internal sealed class GlueProgram : IDisposable
{
    /// <summary>What each program has: the exports that the glue uses, and how to look at what it did.</summary>
    private const string Fields = """
        (memory (export "memory") 2)
        (global $__stack_pointer (export "__stack_pointer") (mut i32) (i32.const 65536))
        (global $threw (export "threw") (mut i32) (i32.const 0))
        (global $threwValue (export "threwValue") (mut i32) (i32.const 0))
        (func $setThrew (export "setThrew") (param i32 i32)
          (if (i32.eqz (global.get $threw))
            (then (global.set $threw (local.get 0)) (global.set $threwValue (local.get 1)))))
        (func $takeThrew (export "takeThrew") (result i32)
          (global.get $threw)
          (global.set $threw (i32.const 0)))
        """;

    private static readonly Engine Plain = new();
    private static readonly Engine Suspending = new(new EngineOptions { SuspendEverywhere = true });

    private GlueProgram(Instance instance) => Instance = instance;

    public Instance Instance { get; }

    public int StackPointer => Instance.GetGlobal("__stack_pointer").Value.AsI32();

    public int Threw => Instance.GetGlobal("threw").Value.AsI32();

    public int ThrewValue => Instance.GetGlobal("threwValue").Value.AsI32();

    public Function this[string name] => Instance.GetFunction(name);

    /// <summary>The module, not merged.</summary>
    /// <param name="imports">Its imports.</param>
    /// <param name="functions">What the table has: the names of functions.</param>
    /// <param name="fields">Its other fields.</param>
    public static ReadOnlyMemory<byte> Assemble(string imports, string functions, string fields) =>
        ModuleInfo.Parse($"(module $program\n{imports}\n{Fields}\n(table (export \"__indirect_function_table\") funcref (elem {functions}))\n{fields})").Bytes;

    /// <summary>Merges, loads and starts a program. Imports that are not defined trap.</summary>
    public static GlueProgram Start(bool suspendsEverywhere, string imports, string functions, string fields, Action<Linker>? define = null) =>
        Start(suspendsEverywhere, Assemble(imports, functions, fields), EmscriptenNames.None, define);

    public static GlueProgram Start(
        bool suspendsEverywhere, ReadOnlyMemory<byte> program, EmscriptenNames names, Action<Linker>? define = null, GlueRole role = GlueRole.Program)
    {
        var engine = suspendsEverywhere ? Suspending : Plain;
        var linker = new Linker(engine);
        define?.Invoke(linker);
        var module = Module.Load(engine, ProgramGlue.AddGlue(ModuleInfo.Read(program), names, role: role));
        return new GlueProgram(linker.DefineUnknownImportsAsTraps(module).Instantiate(new Store(engine), module));
    }

    /// <summary>Starts a side module, which imports what this one exports.</summary>
    /// <param name="text">The side module.</param>
    public Instance StartSide(string text)
    {
        var engine = Instance.Module.Engine;
        var linker = new Linker(engine).DefineInstance("env", Instance);
        var side = Module.Load(engine, ProgramGlue.AddGlue(ModuleInfo.Parse(text), EmscriptenNames.None, role: GlueRole.Side));
        SharedGlue.DefineFor(linker, side, () => Instance);
        return linker.Instantiate(Instance.Store, side);
    }

    public void Dispose() => Instance.Store.Dispose();
}
