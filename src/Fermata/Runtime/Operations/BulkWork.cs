using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fermata.Runtime;

/// <summary>Filling and copying ranges that may be as large as a memory, for instructions that do nothing else.</summary>
/// <remarks>
/// It is done in pieces, and before each the call may be ended: a range of some gigabytes takes seconds. Then less is done, and what ends the call is in the context, where
/// generated code looks after the instruction. A call that is only to give up its turn finishes the instruction first. One unit of fuel is charged for each 64 bytes.
/// None of it may be inlined. The JIT takes the fill of a range of constant length for a call, at which a thread can be stopped, and then makes a few stores of it: a loop that
/// does nothing else could not be stopped for a collection of garbage, and all other threads would wait for it without end.
/// </remarks>
internal static unsafe class BulkWork
{
    /// <summary>What is done at once, in bytes. Less than a hundredth of a millisecond, and enough for the test before it not to be felt.</summary>
    private const int Piece = 64 * 1024;

    private const int BytesPerUnit = 64;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Fill(StoreContext context, byte* start, ulong count, byte value)
    {
        for (ulong done = 0, length; done < count; done += length)
        {
            if (!TryBeginPiece(context, count - done, out length))
                return;
            NativeMemory.Fill(start + done, (nuint)length, value);
        }
    }

    /// <summary>Copies as if through a buffer, so that the ranges may overlap.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Copy(StoreContext context, byte* from, byte* to, ulong count)
    {
        // Where a piece would overwrite what the next one reads, the last one is first.
        var isDown = to > from && (ulong)(to - from) < count;
        for (ulong done = 0, length; done < count; done += length)
        {
            if (!TryBeginPiece(context, count - done, out length))
                return;
            var offset = isDown ? count - done - length : done;
            NativeMemory.Copy(from + offset, to + offset, (nuint)length);
        }
    }

    /// <returns>Whether all was done.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Fill<T>(StoreContext? context, Span<T> range, T value)
    {
        for (int done = 0, length; done < range.Length; done += length)
        {
            if (!TryBeginPiece<T>(context, range.Length - done, out length))
                return false;
            range.Slice(done, length).Fill(value);
        }

        return true;
    }

    /// <inheritdoc cref="Copy(StoreContext, byte*, byte*, ulong)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Copy<T>(StoreContext? context, ReadOnlySpan<T> from, Span<T> to)
    {
        var distance = Unsafe.ByteOffset(ref MemoryMarshal.GetReference(from), ref MemoryMarshal.GetReference(to));
        var isDown = distance > 0 && distance < (nint)from.Length * Unsafe.SizeOf<T>();
        for (int done = 0, length; done < from.Length; done += length)
        {
            if (!TryBeginPiece<T>(context, from.Length - done, out length))
                return;
            var offset = isDown ? from.Length - done - length : done;
            from.Slice(offset, length).CopyTo(to[offset..]);
        }
    }

    /// <summary>
    /// To be called before much is allocated. .NET clears it at once, some 0.4 ms for a megabyte, which nothing ends; so it is paid for as what is filled, and not begun where the call is
    /// to end.
    /// </summary>
    /// <returns>Whether to allocate; false if the call is to end.</returns>
    public static bool TryBeginAllocation(StoreContext? context, long bytes) => bytes <= Piece || context is null || context.TryPay(bytes / BytesPerUnit);

    private static bool TryBeginPiece<T>(StoreContext? context, int rest, out int length)
    {
        var goesOn = TryBeginPiece(context, (ulong)rest * (uint)Unsafe.SizeOf<T>(), out var bytes);
        length = (int)(bytes / (uint)Unsafe.SizeOf<T>());
        return goesOn;
    }

    /// <summary>Says how much of the bytes that are left is done next, and pays for it.</summary>
    /// <returns>Whether to do it; false if the call is to end.</returns>
    private static bool TryBeginPiece(StoreContext? context, ulong rest, out ulong length)
    {
        length = Math.Min(rest, Piece);
        return rest < BytesPerUnit || context is null || context.TryPay((long)length / BytesPerUnit);
    }
}
