namespace Fermata.Binary;

/// <summary>Writes what comes before the content of a segment: the flags and what they announce.</summary>
internal static class SegmentHeader
{
    /// <summary>
    /// Section 5.5.12 "Element Section": bit 0 of the flags is set without an offset; bit 1 says that a table follows or, without an
    /// offset, that the segment is declarative; bit 2 says that the elements are expressions.
    /// </summary>
    /// <param name="to">Takes the header.</param>
    /// <param name="mode">The mode of the segment.</param>
    /// <param name="table">The table of an active segment.</param>
    /// <param name="start">The offset expression of an active segment; null for another.</param>
    /// <param name="type">The type of expressions; null for function indices.</param>
    public static void WriteElements(ByteWriter to, SegmentMode mode, uint table, ByteWriter? start, ValType? type)
    {
        var hasDefaults = mode == SegmentMode.Active && table == 0 && (type is null || type == ValType.FuncRef);
        var flags = type is null ? 0 : 4;
        if (mode != SegmentMode.Active)
            flags |= 1;
        if (mode == SegmentMode.Declarative || (mode == SegmentMode.Active && !hasDefaults))
            flags |= 2;

        to.WriteByte((byte)flags);
        if (mode == SegmentMode.Active && !hasDefaults)
            to.WriteUnsigned(table);
        if (start is not null)
            to.Append(start);
        if (hasDefaults)
            return;
        if (type is { } elements)
            to.WriteValType(elements);
        else
            to.WriteByte(0);
    }

    /// <summary>Section 5.5.14 "Data Section": 1 without an offset, 2 with a memory that is not the first, otherwise 0.</summary>
    /// <param name="to">Takes the header.</param>
    /// <param name="memory">The memory of an active segment.</param>
    /// <param name="start">The offset expression of an active segment; null for a passive one.</param>
    public static void WriteData(ByteWriter to, uint memory, ByteWriter? start)
    {
        to.WriteByte((byte)(start is null ? 1 : memory == 0 ? 0 : 2));
        if (start is null)
            return;
        if (memory != 0)
            to.WriteUnsigned(memory);
        to.Append(start);
    }
}
