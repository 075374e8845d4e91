using Fermata.Binary;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>A mutable global of a toolchain's run time that says where the C stack is. It is found without help from the module's author, by names.</summary>
/// <remarks>
/// The names are those of LLVM's linker, which Rust uses too, and of Emscripten. Emscripten exports no globals but functions that do
/// nothing but read or write one, so that their code tells which it is.
/// </remarks>
/// <param name="Names">The names under which it is exported or imported, or which it has in the name section.</param>
/// <param name="Readers">Exported functions that return it.</param>
/// <param name="Writers">Exported functions that set it.</param>
/// <param name="Parameter">The parameter of the writers that it is set to.</param>
internal sealed record StackSymbol(string[] Names, string[] Readers, string[] Writers, int Parameter)
{
    /// <summary>The stack pointer.</summary>
    public static readonly StackSymbol Pointer =
        new(["__stack_pointer"], ["emscripten_stack_get_current", "stackSave"], ["_emscripten_stack_restore", "stackRestore"], 0);

    /// <summary>The lowest address of the stack, in code that checks it.</summary>
    public static readonly StackSymbol Limit =
        new(["__stack_limit", "__stack_end"], ["emscripten_stack_get_end"], ["emscripten_stack_set_limits", "__set_stack_limits"], 1);

    /// <summary>The address above the stack, in code that checks it.</summary>
    public static readonly StackSymbol Base =
        new(["__stack_base"], ["emscripten_stack_get_base"], ["emscripten_stack_set_limits", "__set_stack_limits"], 0);

    /// <summary>A global of this name, or what an exported function of this name returns.</summary>
    public static StackSymbol Named(string name) => new([name], [name], [], 0);

    /// <summary>Whether a global of the type can hold an address that code changes.</summary>
    public static bool IsPossible(GlobalType type) => type is { IsMutable: true, Type.Kind: ValKind.I32 or ValKind.I64 };

    /// <summary>What a global of a module is called; null without a name.</summary>
    public static string? NameOf(ModuleDefinition module, int global) =>
        module.Exports.Find(export => export.Kind == ExternKind.Global && export.Index == global)?.Name
        ?? module.Names.Find(NameSubsection.Global, global)
        ?? module.Imports.Find(import => import.Kind == ExternKind.Global && import.Index == global)?.Name;

    /// <summary>The global in a module; null if none of its globals is it, by its name and type.</summary>
    public StackLocation? Find(ModuleDefinition module, ModuleTypes types)
    {
        foreach (var candidate in Candidates(module))
        {
            if (IsPossible(types.GlobalTypes[candidate.Global]))
                return candidate;
        }

        return null;
    }

    /// <summary>All globals that it is; a module may keep it in several.</summary>
    public IEnumerable<StackLocation> FindAll(ModuleDefinition module, ModuleTypes types) =>
        Candidates(module).Where(candidate => IsPossible(types.GlobalTypes[candidate.Global])).DistinctBy(candidate => candidate.Global);

    private IEnumerable<StackLocation> Candidates(ModuleDefinition module)
    {
        foreach (var name in Names)
        {
            if (module.Exports.Find(export => export.Kind == ExternKind.Global && export.Name == name) is { } export)
                yield return new StackLocation(export.Index, StackPointerSource.Export);
            for (var i = 0; i < module.Globals.Count; i++)
            {
                if (module.Names.Find(NameSubsection.Global, i) == name)
                    yield return new StackLocation(i, StackPointerSource.NameSection);
            }

            if (module.Imports.Find(import => import.Kind == ExternKind.Global && import.Name == name) is { } import)
                yield return new StackLocation(import.Index, StackPointerSource.Import);
        }

        foreach (var name in Readers)
        {
            if (Code(module, name) is [{ Opcode: Opcode.GlobalGet } read, _])
                yield return new StackLocation(read.Index, StackPointerSource.Accessor);
        }

        foreach (var name in Writers)
        {
            var code = Code(module, name);
            for (var i = 1; i < code?.Count; i++)
            {
                if (code[i - 1] is { Opcode: Opcode.LocalGet } value && value.Index == Parameter && code[i].Opcode == Opcode.GlobalSet)
                    yield return new StackLocation(code[i].Index, StackPointerSource.Accessor);
            }
        }
    }

    /// <summary>The instructions of a short exported function; null if it is not short.</summary>
    private static List<Instruction>? Code(ModuleDefinition module, string name)
    {
        const int longest = 64;
        var index = module.Exports.Find(export => export.Kind == ExternKind.Func && export.Name == name)?.Index;
        if (index is not { } function || module.Functions[function].Body is not { } body || body.Code.Length > longest)
            return null;

        var code = new List<Instruction>();
        var reader = new InstructionReader(module.Bytes.Span, body.Code);
        while (reader.HasMore)
        {
            var instruction = default(Instruction);
            reader.Read(ref instruction);
            code.Add(instruction);
        }

        return code;
    }
}
