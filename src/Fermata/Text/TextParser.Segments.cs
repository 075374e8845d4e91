using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Text;

/// <summary>Data and element segments (sections 6.6.8 "Data Segments" and 6.6.9 "Element Segments").</summary>
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

    private void WriteElements(int offset, SegmentMode mode, uint table, ByteWriter? start, ElementList list)
    {
        var segment = _module.Elements.Begin(offset);
        SegmentHeader.WriteElements(segment, mode, table, start, list.Type);
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
        SegmentHeader.WriteData(segment, memory, start);
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
