using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fermata.Runtime;

/// <summary>Filling and copying ranges that may be as large as a memory, for instructions that do nothing else.</summary>
/// <remarks>
/// It is done in pieces, and before each the call may be ended: a range of some gigabytes takes seconds. A call that is only to give up its turn finishes the
/// instruction first. One unit of fuel is charged for each 64 bytes.
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
            length = NextPiece(context, count - done);
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
            length = NextPiece(context, count - done);
            var offset = isDown ? count - done - length : done;
            NativeMemory.Copy(from + offset, to + offset, (nuint)length);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Fill<T>(StoreContext? context, Span<T> range, T value)
    {
        for (int done = 0, length; done < range.Length; done += length)
        {
            length = NextPiece<T>(context, range.Length - done);
            range.Slice(done, length).Fill(value);
        }
    }

    /// <inheritdoc cref="Copy(StoreContext, byte*, byte*, ulong)"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Copy<T>(StoreContext? context, ReadOnlySpan<T> from, Span<T> to)
    {
        var distance = Unsafe.ByteOffset(ref MemoryMarshal.GetReference(from), ref MemoryMarshal.GetReference(to));
        var isDown = distance > 0 && distance < (nint)from.Length * Unsafe.SizeOf<T>();
        for (int done = 0, length; done < from.Length; done += length)
        {
            length = NextPiece<T>(context, from.Length - done);
            var offset = isDown ? from.Length - done - length : done;
            from.Slice(offset, length).CopyTo(to[offset..]);
        }
    }

    /// <summary>
    /// To be called before much is allocated. .NET clears it at once, some 0.4 ms for a megabyte, which nothing ends; so it is paid for as what is filled, and not begun where the call is
    /// to end.
    /// </summary>
    /// <exception cref="Exception">The call is to end.</exception>
    public static void BeginAllocation(StoreContext? context, long bytes)
    {
        if (bytes <= Piece || context is null)
            return;
        context.Charge(bytes / BytesPerUnit);
        context.EndIfDue();
    }

    private static int NextPiece<T>(StoreContext? context, int rest) =>
        (int)(NextPiece(context, (ulong)rest * (uint)Unsafe.SizeOf<T>()) / (uint)Unsafe.SizeOf<T>());

    /// <summary>How much of the bytes that are left is done next, and paid for.</summary>
    /// <exception cref="Exception">The call is to end.</exception>
    private static ulong NextPiece(StoreContext? context, ulong rest)
    {
        if (rest < BytesPerUnit)
            return rest;
        var length = Math.Min(rest, Piece);
        if (context is null)
            return length;
        context.Charge((long)length / BytesPerUnit);
        context.EndIfDue();
        return length;
    }
}
