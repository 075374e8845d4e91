namespace Fermata.Binary;

internal ref partial struct ModuleDecoder
{
    /// <summary>Section 5.5.12 "Element Section".</summary>
    private void ReadElementSection()
    {
        var count = _bytes.ReadCount(1);
        for (var i = 0; i < count; i++)
            _module.Elements.Add(ReadElementSegment());
    }

    /// <summary>
    /// The flags: bit 0, not active; bit 1, declarative, or for an active segment that a table index follows; bit 2, expressions
    /// instead of function indices. A type follows unless the segment is active without a table index.
    /// </summary>
    private ElementSegment ReadElementSegment()
    {
        _budget.Spend();
        var start = _bytes.Position;
        var flags = _bytes.ReadU32();
        if (flags > 7)
            throw new MalformedModuleException("malformed elements segment kind", start);

        var isActive = (flags & 1) == 0;
        var mode = isActive ? SegmentMode.Active : (flags & 2) == 0 ? SegmentMode.Passive : SegmentMode.Declarative;
        var tableIndex = isActive && (flags & 2) != 0 ? _bytes.ReadIndex() : 0;
        ByteRange? offset = isActive ? ReadExpression() : null;
        var hasType = (flags & 3) != 0;
        if ((flags & 4) == 0)
        {
            if (hasType)
                ReadElementKind();
            return new ElementSegment(mode, tableIndex, offset, ValType.Ref(false, HeapType.Func), ReadIndices(), null, start);
        }

        var type = hasType ? TypeReader.ReadRefType(ref _bytes) : ValType.FuncRef;
        return new ElementSegment(mode, tableIndex, offset, type, null, ReadExpressions(), start);
    }

    private void ReadElementKind()
    {
        var start = _bytes.Position;
        if (_bytes.ReadByte() != 0)
            throw new MalformedModuleException("malformed element kind", start);
    }

    private int[] ReadIndices()
    {
        var indices = new int[_bytes.ReadCount(1)];
        for (var i = 0; i < indices.Length; i++)
        {
            _budget.Spend();
            indices[i] = _bytes.ReadIndex();
        }

        return indices;
    }

    private ByteRange[] ReadExpressions()
    {
        var expressions = new ByteRange[_bytes.ReadCount(1)];
        for (var i = 0; i < expressions.Length; i++)
            expressions[i] = ReadExpression();
        return expressions;
    }

    /// <summary>Section 5.5.14 "Data Section".</summary>
    private void ReadDataSection()
    {
        var count = _bytes.ReadCount(1);
        for (var i = 0; i < count; i++)
            _module.Data.Add(ReadDataSegment());
    }

    private DataSegment ReadDataSegment()
    {
        _budget.Spend();
        var start = _bytes.Position;
        var flags = _bytes.ReadU32();
        if (flags > 2)
            throw new MalformedModuleException("malformed data segment kind", start);
        var memoryIndex = flags == 2 ? _bytes.ReadIndex() : 0;
        var isActive = flags != 1;
        ByteRange? offset = isActive ? ReadExpression() : null;
        var length = _bytes.ReadLength();
        var data = new ByteRange(_bytes.Position, length);
        _bytes.ReadBytes(length);
        return new DataSegment(isActive ? SegmentMode.Active : SegmentMode.Passive, memoryIndex, offset, data, start);
    }
}
