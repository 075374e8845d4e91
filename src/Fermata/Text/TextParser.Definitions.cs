namespace Fermata.Text;

/// <summary>Definitions of functions, tables, memories, globals and tags (section 6.6 "Modules").</summary>
internal sealed partial class TextParser
{
    private const int PageSize = 65536;

    private void ParseFunction(Field field)
    {
        var offset = OffsetOf(field);
        _cursor.TryTakeIdentifier();
        ParseInlineExports(field);
        if (TryParseInlineImport(field))
            return;

        _locals = new IndexSpace("local");
        _unknownType = null;
        var type = TakeTypeUse(_locals, allowNames: true);
        _module.Functions.Begin(offset).WriteUnsigned(type);
        _body.Clear();
        ParseLocals();
        BeginLabels();
        ParseExpression(_body);
        _module.Code.Begin(offset).AppendSized(_body);
        AddLocalNames(field.Index, _locals);
        AddLabelNames(field.Index);
        _locals = NoLocals;
    }

    /// <summary>Reads local declarations; the binary format counts neighbours of one type together.</summary>
    private void ParseLocals()
    {
        var groups = new List<(uint Count, ValType Type)>();
        while (_cursor.TryTakeForm("local"u8))
        {
            if (_cursor.Kind == TokenKind.Identifier)
            {
                RequireParameterCount();
                _locals.Bind(_cursor);
                AddLocal(groups, TakeValType());
            }
            else
            {
                for (; _cursor.Kind != TokenKind.RightParen; _locals.BindUnnamed())
                    AddLocal(groups, TakeValType());
            }

            _cursor.TakeClose();
        }

        _body.WriteUnsigned((ulong)groups.Count);
        foreach (var (count, type) in groups)
        {
            _body.WriteUnsigned(count);
            _body.WriteValType(type);
        }
    }

    private static void AddLocal(List<(uint Count, ValType Type)> groups, ValType type)
    {
        if (groups.Count > 0 && groups[^1].Type == type)
            groups[^1] = (groups[^1].Count + 1, type);
        else
            groups.Add((1, type));
    }

    private void ParseTable(Field field)
    {
        var offset = OffsetOf(field);
        _cursor.TryTakeIdentifier();
        ParseInlineExports(field);
        if (TryParseInlineImport(field))
            return;

        var start = _cursor.Position;
        var is64 = TakeAddressType();
        if (AtRefType())
        {
            ParseTableWithElements(field, offset, is64);
            return;
        }

        _cursor.Position = start;
        var type = new ByteWriter();
        ParseTableType(type);
        var table = _module.Tables.Begin(offset);
        var hasInitializer = _cursor.Kind != TokenKind.RightParen;
        if (hasInitializer)
        {
            table.WriteByte(0x40);
            table.WriteByte(0);
        }

        table.Write(type.Bytes);
        if (hasInitializer)
            ParseExpression(table);
    }

    /// <summary>Reads <c>(table funcref (elem …))</c>, a table just large enough and an active segment that fills it.</summary>
    private void ParseTableWithElements(Field field, int offset, bool is64)
    {
        var type = TakeRefType();
        var elementOffset = _cursor.Offset;
        _cursor.TakeForm("elem"u8);
        var segment = ParseInlineElements(field.Index, type, is64, elementOffset);
        _cursor.TakeClose();
        var table = _module.Tables.Begin(offset);
        table.WriteValType(type);
        WriteLimits(table, is64, (ulong)segment, (ulong)segment, isShared: false);
    }

    private void ParseTableType(ByteWriter to)
    {
        var is64 = TakeAddressType();
        var (min, max) = TakeLimits();
        to.WriteValType(TakeRefType());
        WriteLimits(to, is64, min, max, isShared: false);
    }

    private void ParseMemory(Field field)
    {
        var offset = OffsetOf(field);
        _cursor.TryTakeIdentifier();
        ParseInlineExports(field);
        if (TryParseInlineImport(field))
            return;

        var start = _cursor.Position;
        var is64 = TakeAddressType();
        if (_cursor.TryTakeForm("data"u8))
        {
            var dataOffset = _cursor.Offset;
            var bytes = _cursor.TakeStrings();
            _cursor.TakeClose();
            var pages = ((ulong)bytes.Length + PageSize - 1) / PageSize;
            WriteLimits(_module.Memories.Begin(offset), is64, pages, pages, isShared: false);
            WriteData(dataOffset, (uint)field.Index, ZeroExpression(is64), bytes);
            return;
        }

        _cursor.Position = start;
        ParseMemoryType(_module.Memories.Begin(offset));
    }

    private void ParseMemoryType(ByteWriter to)
    {
        var is64 = TakeAddressType();
        var (min, max) = TakeLimits();
        WriteLimits(to, is64, min, max, _cursor.TryTake("shared"u8));
    }

    /// <summary>Takes <c>i32</c>, <c>i64</c> or nothing, which is <c>i32</c> (section 6.4 "Address Types").</summary>
    private bool TakeAddressType()
    {
        if (_cursor.TryTake("i64"u8))
            return true;
        _cursor.TryTake("i32"u8);
        return false;
    }

    private (ulong Min, ulong? Max) TakeLimits()
    {
        var min = _cursor.TakeU64();
        return (min, _cursor.Kind == TokenKind.Natural ? _cursor.TakeU64() : null);
    }

    /// <summary>Section 5.3 "Limits".</summary>
    private static void WriteLimits(ByteWriter to, bool is64, ulong min, ulong? max, bool isShared)
    {
        to.WriteByte((byte)((max is null ? 0 : 1) | (isShared ? 2 : 0) | (is64 ? 4 : 0)));
        to.WriteUnsigned(min);
        if (max is { } limit)
            to.WriteUnsigned(limit);
    }

    private void ParseGlobal(Field field)
    {
        var offset = OffsetOf(field);
        _cursor.TryTakeIdentifier();
        ParseInlineExports(field);
        if (TryParseInlineImport(field))
            return;
        var global = _module.Globals.Begin(offset);
        ParseGlobalType(global);
        ParseExpression(global);
    }

    private void ParseGlobalType(ByteWriter to)
    {
        var isMutable = _cursor.TryTakeForm("mut"u8);
        to.WriteValType(TakeValType());
        to.WriteByte(isMutable ? (byte)1 : (byte)0);
        if (isMutable)
            _cursor.TakeClose();
    }

    private void ParseTag(Field field)
    {
        var offset = OffsetOf(field);
        _cursor.TryTakeIdentifier();
        ParseInlineExports(field);
        if (TryParseInlineImport(field))
            return;
        var type = TakeTypeUse(null, allowNames: true);
        var tag = _module.Tags.Begin(offset);
        tag.WriteByte(0);
        tag.WriteUnsigned(type);
    }
}
