using Fermata.Structure;

namespace Fermata.Text;

/// <summary>Element and data segments (section 6.6 "Element Segments" and "Data Segments").</summary>
internal sealed partial class TextParser
{
    private void ParseElementSegment(Field field)
    {
        var offset = OffsetOf(field);
        _cursor.TryTakeIdentifier();
        if (_cursor.TryTake("declare"u8))
        {
            WriteElements(offset, SegmentMode.Declarative, 0, null, ParseElementList(mayOmitKind: false));
            return;
        }

        var hasTable = _cursor.TryTakeForm("table"u8);
        uint table = 0;
        if (hasTable)
        {
            table = _tables.Take(_cursor);
            _cursor.TakeClose();
        }

        if (hasTable || (_cursor.Kind == TokenKind.LeftParen && !_cursor.AtForm("ref"u8)))
        {
            var start = ParseOffset();
            WriteElements(offset, SegmentMode.Active, table, start, ParseElementList(mayOmitKind: !hasTable));
        }
        else
        {
            WriteElements(offset, SegmentMode.Passive, 0, null, ParseElementList(mayOmitKind: false));
        }
    }

    private ElementList ParseElementList(bool mayOmitKind)
    {
        if (_cursor.TryTake("func"u8) || (mayOmitKind && !AtRefType()))
            return ParseFunctionIndices();
        return ParseElementExpressions(TakeRefType());
    }

    private ElementList ParseFunctionIndices()
    {
        var items = new ByteWriter();
        var count = 0;
        for (; _cursor.Kind != TokenKind.RightParen; count++)
        {
            items.Mark(_cursor.Offset);
            items.WriteUnsigned(_functions.Take(_cursor));
        }

        return new ElementList(null, count, items);
    }

    private ElementList ParseElementExpressions(ValType type)
    {
        var items = new ByteWriter();
        var count = 0;
        for (; _cursor.Kind != TokenKind.RightParen; count++)
            ParseExpressionForm("item"u8, items);
        return new ElementList(type, count, items);
    }

    /// <summary>Reads the elements inside a table and gives their number. All of them have the table's element type.</summary>
    private int ParseInlineElements(int table, ValType type, bool is64, int offset)
    {
        ElementList list;
        if (_cursor.Kind == TokenKind.LeftParen)
            list = ParseElementExpressions(type);
        else if (type == ValType.FuncRef)
            list = ParseFunctionIndices();
        else
            list = ParseFunctionReferences(type);
        WriteElements(offset, SegmentMode.Active, (uint)table, ZeroExpression(is64), list);
        return list.Count;
    }

    private ElementList ParseFunctionReferences(ValType type)
    {
        var items = new ByteWriter();
        var count = 0;
        for (; _cursor.Kind != TokenKind.RightParen; count++)
        {
            items.Mark(_cursor.Offset);
            items.WriteOpcode(Opcode.RefFunc);
            items.WriteUnsigned(_functions.Take(_cursor));
            items.WriteOpcode(Opcode.End);
        }

        return new ElementList(type, count, items);
    }

    /// <summary>
    /// Section 5.5 "Element Section": bit 0 of the flags is set without an offset; bit 1 says that a table follows or, without an
    /// offset, that the segment is declarative; bit 2 says that the elements are expressions.
    /// </summary>
    private void WriteElements(int offset, SegmentMode mode, uint table, ByteWriter? start, ElementList list)
    {
        var hasDefaults = mode == SegmentMode.Active && table == 0 && (list.Type is null || list.Type == ValType.FuncRef);
        var flags = list.Type is null ? 0 : 4;
        if (mode != SegmentMode.Active)
            flags |= 1;
        if (mode == SegmentMode.Declarative || (mode == SegmentMode.Active && !hasDefaults))
            flags |= 2;

        var segment = _module.Elements.Begin(offset);
        segment.WriteByte((byte)flags);
        if (mode == SegmentMode.Active && !hasDefaults)
            segment.WriteUnsigned(table);
        if (start is not null)
            segment.Append(start);
        if (!hasDefaults)
        {
            if (list.Type is { } type)
                segment.WriteValType(type);
            else
                segment.WriteByte(0);
        }

        segment.WriteUnsigned((ulong)list.Count);
        segment.Append(list.Items);
    }

    private void ParseDataSegment(Field field)
    {
        var offset = OffsetOf(field);
        _cursor.TryTakeIdentifier();
        uint memory = 0;
        var hasMemory = _cursor.TryTakeForm("memory"u8);
        if (hasMemory)
        {
            memory = _memories.Take(_cursor);
            _cursor.TakeClose();
        }

        var start = hasMemory || _cursor.Kind == TokenKind.LeftParen ? ParseOffset() : null;
        WriteData(offset, memory, start, _cursor.TakeStrings());
    }

    private void WriteData(int offset, uint memory, ByteWriter? start, byte[] bytes)
    {
        var segment = _module.Data.Begin(offset);
        if (start is null)
        {
            segment.WriteByte(1);
        }
        else if (memory == 0)
        {
            segment.WriteByte(0);
            segment.Append(start);
        }
        else
        {
            segment.WriteByte(2);
            segment.WriteUnsigned(memory);
            segment.Append(start);
        }

        segment.WriteSized(bytes);
    }

    private ByteWriter ParseOffset()
    {
        var expression = new ByteWriter();
        ParseExpressionForm("offset"u8, expression);
        return expression;
    }

    /// <summary>Reads an expression in a form with this keyword, or a single folded instruction in its place.</summary>
    private void ParseExpressionForm(ReadOnlySpan<byte> keyword, ByteWriter to)
    {
        if (_cursor.TryTakeForm(keyword))
        {
            ParseExpression(to);
            _cursor.TakeClose();
        }
        else
        {
            ParseFoldedExpression(to);
        }
    }

    private static ByteWriter ZeroExpression(bool is64)
    {
        var expression = new ByteWriter();
        expression.WriteOpcode(is64 ? Opcode.I64Const : Opcode.I32Const);
        expression.WriteSigned(0);
        expression.WriteOpcode(Opcode.End);
        return expression;
    }
}
