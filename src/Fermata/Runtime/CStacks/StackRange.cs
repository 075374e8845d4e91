namespace Fermata.Runtime;

/// <summary>What is known of where a C stack begins and ends.</summary>
internal static class StackRange
{
    /// <summary>The default of LLVM's linker for C.</summary>
    private const ulong AssumedSize = 64 * 1024;

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
