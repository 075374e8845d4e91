using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>The memory of the program.</summary>
internal static class MemoryFunctions
{
    /// <summary>A heap grows by a fifth at once, as long as that is no more than this, so that not each allocation needs a new size.</summary>
    private const ulong MostAtOnce = 96 << 20;

    private const ulong Largest = 1UL << 32;

    /// <summary>Makes the memory at least as large; 0 if that cannot be.</summary>
    public static int ResizeHeap(Caller caller, int size)
    {
        var memory = caller.Memory;
        var (before, wanted) = ((ulong)memory.ByteLength, (ulong)(uint)size);
        if (wanted <= before)
            return 1;
        var generous = Math.Min(Math.Max(wanted, before + Math.Min(before / 5, MostAtOnce)), MaxBytes(memory));
        return (generous > wanted && TryGrow(memory, generous - before)) || TryGrow(memory, wanted - before) ? 1 : 0;
    }

    public static int GetHeapMax(Caller caller) => (int)Math.Min(MaxBytes(caller.Memory), Largest - Memory.PageSize);

    public static int GetHeapSize(Caller caller) => (int)caller.Memory.ByteLength;

    /// <summary><c>memcpy</c>: ranges that lie over each other are copied as well.</summary>
    public static int Copy(Caller caller, int target, int source, int length)
    {
        const int piece = 1 << 20;
        var to = caller.GetSpan(target, length);
        var from = caller.GetSpan(source, length);
        if (length is >= 0 and <= piece || to.Overlaps(from))
            from.CopyTo(to);
        else
            new GuestCopy(caller).Copy(from, to);
        return target;
    }

    private static bool TryGrow(Memory memory, ulong bytes) => memory.Grow((bytes + Memory.PageSize - 1) / Memory.PageSize) >= 0;

    private static ulong MaxBytes(Memory memory) => Math.Min(memory.Type.Limits.Max is { } pages ? pages * Memory.PageSize : Largest, Largest);
}
