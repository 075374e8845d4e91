namespace Fermata.Runtime;

/// <summary>The table instructions (section 4.6.7 "Table Instructions"), for generated code.</summary>
/// <remarks>Bounds are checked before anything is written, and so that sums cannot overflow. Types were checked by validation.</remarks>
internal static class TableOperations
{
    public static object? Get(Table table, ulong index)
    {
        var elements = table.Elements;
        if (index >= (uint)table.Size)
            Trap.OutOfBoundsTableAccess();
        return elements[(int)index];
    }

    public static void Set(Table table, ulong index, object? value)
    {
        var elements = table.Elements;
        if (index >= (uint)table.Size)
            Trap.OutOfBoundsTableAccess();
        elements[(int)index] = value;
    }

    /// <summary><c>table.grow</c>.</summary>
    /// <returns>The size before; -1, as <see cref="ulong.MaxValue"/>, if the table cannot grow so far.</returns>
    public static ulong Grow(StoreContext context, Table table, object? value, ulong n) => table.TryGrow(context, n, value);

    public static ulong Size(Table table) => (uint)table.Size;

    public static void Fill(StoreContext context, Table table, ulong i, object? value, ulong n) => BulkWork.Fill(context, Range(table, i, n), value);

    /// <summary>Copies as if through a buffer, so that the ranges may overlap.</summary>
    public static void Copy(StoreContext context, Table destination, Table source, ulong d, ulong s, ulong n)
    {
        var from = Range(source, s, n);
        BulkWork.Copy(context, from, Range(destination, d, n));
    }

    public static void Init(StoreContext? context, Table table, ElementInstance segment, ulong d, uint s, uint n)
    {
        var elements = segment.Elements;
        if (s > (uint)elements.Length || n > (uint)elements.Length - s)
            Trap.OutOfBoundsTableAccess();
        BulkWork.Copy(context, elements.AsSpan((int)s, (int)n), Range(table, d, n));
    }

    private static Span<object?> Range(Table table, ulong start, ulong count)
    {
        ulong size = (uint)table.Size;
        if (start > size || count > size - start)
            Trap.OutOfBoundsTableAccess();
        return table.Elements.AsSpan((int)start, (int)count);
    }
}
