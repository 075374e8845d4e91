using Fermata.Binary;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>Finds the pointer to the C stack of a module.</summary>
internal static class StackSearch
{
    private const int MostGlobalsInMessage = 20;

    /// <summary>The stack pointer, by names or by what code does; null if none is found.</summary>
    public static StackLocation? Find(ModuleDefinition module, ModuleTypes types)
    {
        if (module.Memories.Count == 0)
            return null;
        return StackSymbol.Pointer.Find(module, types)
            ?? Location(StackFrames.Find(module, types), StackPointerSource.Frames)
            ?? Location(StackAccessors.Find(module, types), StackPointerSource.Accessor);
    }

    /// <summary>The stack pointer of a module that comes into a store; null for none.</summary>
    /// <exception cref="InvalidOperationException">It is not where the options say, or they cannot do without.</exception>
    public static StackLocation? Find(Module module, StoreOptions options)
    {
        if (options.StackPointer?.Invoke(module) is { } told)
            return told == StackPointer.None ? null : FindTold(module, told);
        if (module.StackLocation is null && options.ShadowStack == ShadowStackPolicy.Separate && MayHaveStack(module.Definition, module.Types))
        {
            throw new InvalidOperationException(
                "The store gives each promising call a C stack of its own (ShadowStackPolicy.Separate), but in the module no stack pointer is found, though it may " +
                $"have one. {Globals(module)} Say in StoreOptions.StackPointer which it is, or that there is none, or use another policy.");
        }

        return module.StackLocation;
    }

    /// <summary>A global as messages tell it.</summary>
    public static string Describe(ModuleDefinition module, int global) =>
        StackSymbol.NameOf(module, global) is { } name ? $"{global} {HostileText.Quoted(name)}" : $"{global}";

    private static StackLocation? Location(int? global, StackPointerSource source) => global is { } found ? new StackLocation(found, source) : null;

    /// <summary>Whether there is a global that can be a stack pointer.</summary>
    private static bool MayHaveStack(ModuleDefinition module, ModuleTypes types) => module.Memories.Count > 0 && StackFrames.Candidates(module, types).Any();

    private static StackLocation FindTold(Module module, StackPointer told)
    {
        var (definition, types) = (module.Definition, module.Types);
        if (definition.Memories.Count == 0)
            throw NotThere(module, told, "the module has no memory for a C stack");
        if (told.Name is { } name)
        {
            return StackSymbol.Named(name).Find(definition, types) is { } found
                ? found with { Source = StackPointerSource.Options }
                : throw NotThere(module, told, "there is no such global, exported, imported or in the name section, and no exported function of that name that only returns one");
        }

        var index = told.Index!.Value;
        return index < types.GlobalTypes.Length && StackSymbol.IsPossible(types.GlobalTypes[index])
            ? new StackLocation(index, StackPointerSource.Options)
            : throw NotThere(module, told, "there is no such global");
    }

    private static InvalidOperationException NotThere(Module module, StackPointer told, string reason) =>
        new($"StoreOptions.StackPointer says that {told} points to the C stack of the module, but {reason}. {Globals(module)}");

    private static string Globals(Module module)
    {
        var indices = Enumerable.Range(0, module.Types.GlobalTypes.Length).Where(index => StackSymbol.IsPossible(module.Types.GlobalTypes[index])).ToList();
        var names = indices.Take(MostGlobalsInMessage).Select(index => Describe(module.Definition, index));
        return $"Its mutable globals of type i32 or i64 are: {string.Join(", ", names.DefaultIfEmpty("none"))}{(indices.Count > MostGlobalsInMessage ? ", …" : "")}.";
    }
}
