namespace Fermata.Runtime;

/// <summary>The memory instructions that are more than one load or store (section 4.6.8 "Memory Instructions"), for generated code.</summary>
/// <remarks>
/// Bounds are checked before anything is written, and so that sums cannot overflow. Whoever calls WebAssembly code keeps
/// the store reachable until it returns, and so its memories.
/// </remarks>
internal static unsafe class MemoryOperations
{
    /// <summary><c>memory.grow</c>.</summary>
    /// <returns>The pages before; -1, as <see cref="ulong.MaxValue"/>, if the memory cannot grow so far.</returns>
    public static ulong Grow(Instance instance, Memory memory, ulong delta) => memory.TryGrow(delta, instance.Store);

    /// <summary>Traps unless a 64-bit address, offset and size lie within the memory (section 4.6.8 "Memory Instructions").</summary>
    public static void CheckAddress64(Memory memory, ulong address, ulong offset, int size)
    {
        var end = address + offset;
        var length = memory.Length;
        if (end < address || end > length || length - end < (uint)size)
            Trap.OutOfBoundsMemoryAccess();
    }

    /// <summary><c>memory.size</c>.</summary>
    /// <returns>The size in pages.</returns>
    public static ulong Size(Memory memory) => memory.PageCount;

    /// <summary>Copies as if through a buffer, so that the ranges may overlap.</summary>
    public static void Copy(StoreContext context, Memory destination, Memory source, ulong d, ulong s, ulong n)
    {
        byte* from = Range(source, s, n);
        BulkWork.Copy(context, from, Range(destination, d, n), n);
    }

    public static void Fill(StoreContext context, Memory memory, ulong d, int value, ulong n) =>
        BulkWork.Fill(context, Range(memory, d, n), n, (byte)value);

    /// <param name="context">The context of the code; null where an instance is made, which costs no fuel.</param>
    /// <param name="memory">To where.</param>
    /// <param name="segment">From where.</param>
    /// <param name="d">To which address.</param>
    /// <param name="s">From which byte.</param>
    /// <param name="n">How many bytes.</param>
    public static void Init(StoreContext? context, Memory memory, DataInstance segment, ulong d, uint s, uint n)
    {
        var bytes = segment.Bytes.Span;
        if (s > (uint)bytes.Length || n > (uint)bytes.Length - s)
            Trap.OutOfBoundsMemoryAccess();
        byte* to = Range(memory, d, n);
        BulkWork.Copy(context, bytes.Slice((int)s, (int)n), new Span<byte>(to, (int)n));
    }

    private static byte* Range(Memory memory, ulong start, ulong count)
    {
        ulong length = memory.Length;
        if (start > length || count > length - start)
            Trap.OutOfBoundsMemoryAccess();
        return (byte*)memory.Base + start;
    }
}
