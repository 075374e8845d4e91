namespace Fermata.Runtime;

/// <summary>Finds the C stack of an instance.</summary>
internal static class StackPointer
{
    /// <summary>The default of LLVM's linker for C.</summary>
    private const ulong AssumedSize = 64 * 1024;

    /// <summary>The stack pointer of an instance; null if none is found.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="name">The name that the stack's user gives it; null for those of the toolchains only.</param>
    public static Global? Find(Instance instance, string? name)
    {
        if (instance.Memories.Length == 0)
            return null;
        var module = instance.Module;
        var named = name is null ? null : StackSymbol.Named(name).FindIndex(module.Definition, module.Types);
        return (named ?? module.StackPointerIndex) is { } index ? instance.Globals[index] : null;
    }

    /// <summary>The lowest address of the stack, as the linker's symbols say; null if they are not exported.</summary>
    public static ulong? FindLowestAddress(Instance instance, Global pointer)
    {
        var start = Address(pointer)!.Value;
        if (Address(instance.Find<Global>(ExternKind.Global, "__stack_low")) is { } low && low <= start)
            return low;

        // Where the stack is not the first thing in memory it lies between the data and the heap.
        if (Address(instance.Find<Global>(ExternKind.Global, "__data_end")) is { } dataEnd && dataEnd < start
            && Address(instance.Find<Global>(ExternKind.Global, "__heap_base")) is { } heapBase && start <= heapBase)
            return dataEnd;
        return null;
    }

    /// <summary>What to reckon with where the lowest address is not known.</summary>
    public static ulong AssumedLowestAddress(Global pointer)
    {
        var start = Address(pointer)!.Value;
        return start - Math.Min(start, AssumedSize);
    }

    /// <summary>The address that a global holds; null if it is no address.</summary>
    public static ulong? Address(Global? global) => global?.Type.Type.Kind switch
    {
        ValKind.I32 => (uint)global.Bits,
        ValKind.I64 => global.Bits,
        _ => null,
    };
}
