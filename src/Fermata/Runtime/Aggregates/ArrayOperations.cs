using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>The array instructions that are more than one access (section 4.6.9 "Reference Instructions"), for generated code.</summary>
/// <remarks>
/// <c>T</c> is how elements are stored; validation has seen to it that the arrays are such (<see cref="ArrayClass"/>). Bounds are
/// checked before anything is written.
/// </remarks>
internal static class ArrayOperations
{
    /// <summary>The size up to which generated code makes arrays by itself.</summary>
    public const int SmallBytes = 64 * 1024;

    /// <summary>What an array takes beside its elements.</summary>
    public const int HeaderBytes = 24;

    /// <summary><c>array.new_default</c>, for any length.</summary>
    /// <returns>The array; null if the call is to end.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static object? New(Type arrayType, int elementSize, uint length, StoreContext context) =>
        BulkWork.TryBeginAllocation(context, BytesOf(elementSize, length)) ? TryCreate(arrayType, elementSize, length, context) : null;

    /// <summary>A new array of zeros or nulls, of any length.</summary>
    /// <returns>The array. If the call is to end, what ends it is on its way out by the return path, and there may be none.</returns>
    public static object? TryCreate(Type arrayType, int elementSize, uint length, StoreContext context)
    {
        var bytes = BytesOf(elementSize, length);
        if (bytes > SmallBytes && !context.TryRequireObjectRoom(bytes))
            return null;
        var array = Allocate(arrayType, (int)length);
        context.CountObjectOrEnd(array, bytes);
        return array;
    }

    /// <exception cref="TrapException">There are too many elements.</exception>
    private static long BytesOf(int elementSize, uint length)
    {
        if (length > ImplementationLimits.ArrayBytes / (uint)elementSize)
            Trap.OutOfMemory();
        return HeaderBytes + ((long)elementSize * length);
    }

    private static Array Allocate(Type arrayType, int length)
    {
        try
        {
            return Array.CreateInstanceFromArrayType(arrayType, length);
        }
        catch (OutOfMemoryException)
        {
            throw TrapException.Create(TrapKind.OutOfMemory);
        }
    }

    /// <summary><c>array.new_data</c>. The length is checked against the segment before the array is made.</summary>
    /// <inheritdoc cref="TryCreate"/>
    public static object? NewData(Type arrayType, int elementSize, DataInstance segment, uint s, uint n, StoreContext context)
    {
        var bytes = Range(segment, s, (ulong)n * (uint)elementSize);
        var array = TryCreate(arrayType, elementSize, n, context);
        if (array is not null)
            BulkWork.Copy(context, bytes, Bytes(array, 0, bytes.Length));
        return array;
    }

    /// <summary><c>array.new_elem</c>.</summary>
    /// <inheritdoc cref="TryCreate"/>
    public static object? NewElem(Type arrayType, ElementInstance segment, uint s, uint n, StoreContext context)
    {
        var elements = Range(segment, s, n);
        var array = TryCreate(arrayType, IntPtr.Size, n, context);
        if (array is not null)
            BulkWork.Copy(context, elements, Range<object?>(array, 0, n));
        return array;
    }

    public static void Fill<T>(object? array, uint i, T value, uint n, StoreContext? context) => BulkWork.Fill(context, Range<T>(array, i, n), value);

    /// <summary>Copies as if through a buffer, so that the ranges may overlap.</summary>
    public static void Copy<T>(object? destination, uint d, object? source, uint s, uint n, StoreContext context)
    {
        if (destination is null || source is null)
            Trap.NullArrayReference();
        var to = Range<T>(destination, d, n);
        BulkWork.Copy(context, Range<T>(source, s, n), to);
    }

    public static void InitData(object? array, int elementSize, DataInstance segment, uint d, uint s, uint n, StoreContext context)
    {
        RequireRange(array, d, n);
        var bytes = Range(segment, s, (ulong)n * (uint)elementSize);
        BulkWork.Copy(context, bytes, Bytes(array!, (nuint)d * (nuint)elementSize, bytes.Length));
    }

    public static void InitElem(object? array, ElementInstance segment, uint d, uint s, uint n, StoreContext context)
    {
        var to = Range<object?>(array, d, n);
        BulkWork.Copy(context, Range(segment, s, n), to);
    }

    private static Span<T> Range<T>(object? array, uint start, uint count)
    {
        RequireRange(array, start, count);
        return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref Unsafe.As<byte, T>(ref First(array!)), start), (int)count);
    }

    private static void RequireRange(object? array, uint start, uint count)
    {
        if (array is null)
            Trap.NullArrayReference();
        if ((ulong)start + count > (uint)Unsafe.As<byte[]>(array).Length)
            Trap.OutOfBoundsArrayAccess();
    }

    /// <summary>The place of the first element. By the method that knows no element type: one that does makes the JIT believe it.</summary>
    private static ref byte First(object array) => ref MemoryMarshal.GetArrayDataReference(Unsafe.As<Array>(array));

    private static Span<byte> Bytes(object array, nuint offset, int count) =>
        MemoryMarshal.CreateSpan(ref Unsafe.AddByteOffset(ref First(array), offset), count);

    private static ReadOnlySpan<byte> Range(DataInstance segment, uint start, ulong count)
    {
        var bytes = segment.Bytes.Span;
        if (start + count > (uint)bytes.Length)
            Trap.OutOfBoundsMemoryAccess();
        return bytes.Slice((int)start, (int)count);
    }

    private static ReadOnlySpan<object?> Range(ElementInstance segment, uint start, uint count)
    {
        var elements = segment.Elements;
        if ((ulong)start + count > (uint)elements.Length)
            Trap.OutOfBoundsTableAccess();
        return elements.AsSpan((int)start, (int)count);
    }
}
