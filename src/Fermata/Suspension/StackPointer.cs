using Fermata.Binary;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Suspension;

/// <summary>Finds the C stack of an instance without help from the module's author.</summary>
/// <remarks>The names are those of LLVM's linker, which Emscripten and Rust use too.</remarks>
internal static class StackPointer
{
    /// <summary>The linker's name for the stack pointer.</summary>
    public const string Name = "__stack_pointer";

    /// <summary>The default of LLVM's linker for C.</summary>
    private const ulong AssumedSize = 64 * 1024;

    /// <summary>
    /// The stack pointer of an instance: exported, named in the name section, or imported as dynamic libraries do. Null if none is
    /// found.
    /// </summary>
    public static Global? Find(Instance instance) =>
        instance.Memories.Length > 0 && instance.Module.StackPointerIndex is { } index ? instance.Globals[index] : null;

    /// <summary>The global of a module that is, by its name and type, the stack pointer; null if none is found.</summary>
    public static int? FindIndex(ModuleDefinition module, ModuleTypes types)
    {
        int?[] candidates =
        [
            module.Exports.Find(export => export.Kind == ExternKind.Global && export.Name == Name)?.Index,
            .. Enumerable.Range(0, module.Globals.Count)
                .Where(index => module.Names.Find(NameSubsection.Global, index) == Name)
                .Select(index => (int?)index),
            module.Imports.Find(import => import.Kind == ExternKind.Global && import.Name == Name)?.Index,
        ];
        return Array.Find(candidates, index => index is { } found && IsPointer(types.GlobalTypes[found]));

        static bool IsPointer(GlobalType type) => type.IsMutable && type.Type.Kind is ValKind.I32 or ValKind.I64;
    }

    /// <summary>The lowest address of the stack, as the linker's symbols say where they are exported.</summary>
    public static ulong FindLowestAddress(Instance instance, Global pointer)
    {
        var start = Address(pointer)!.Value;
        if (Address(instance.GetGlobal("__stack_low")) is { } low && low <= start)
            return low;

        // Where the stack is not the first thing in memory it lies between the data and the heap.
        if (Address(instance.GetGlobal("__data_end")) is { } dataEnd && dataEnd < start
            && Address(instance.GetGlobal("__heap_base")) is { } heapBase && start <= heapBase)
            return dataEnd;
        return start - Math.Min(start, AssumedSize);
    }

    private static ulong? Address(Global? global) => global?.Type.Type.Kind switch
    {
        ValKind.I32 => (uint)global.Bits,
        ValKind.I64 => global.Bits,
        _ => null,
    };
}
