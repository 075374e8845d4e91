using Fermata.Binary;

namespace Fermata.Text;

/// <summary>Definitions of functions, tables, memories, globals and tags (section 6.6 "Modules").</summary>
internal sealed partial class TextParser
{
    private const int PageSize = 65536;

    /// <summary>Reads what definitions begin with: an identifier, and exports. False for an import, which is then read to its end.</summary>
    private bool TryBeginDefinition(Field field, out int offset)
    {
        offset = OffsetOf(field);
        _cursor.TryTakeIdentifier();
        ParseInlineExports(field);
        return !TryParseInlineImport(field);
    }

    private void ParseFunction(Field field)
    {
        if (!TryBeginDefinition(field, out var offset))
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
        _hints.EndFunction(field.Index);
        _locals = NoLocals;
    }

    private void ParseLocals()
    {
        var locals = new LocalsWriter();
        while (_cursor.TryTakeForm("local"u8))
        {
            if (IndexSpace.IsNamed(_cursor))
            {
                RequireParameterCount();
                _locals.Bind(_cursor);
                locals.Add(1, TakeValType());
            }
            else
            {
                for (; _cursor.Kind != TokenKind.RightParen; _locals.BindUnnamed())
                    locals.Add(1, TakeValType());
            }

            _cursor.TakeClose();
        }

        locals.AppendTo(_body);
    }

    private void ParseTable(Field field)
    {
        if (!TryBeginDefinition(field, out var offset))
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
        table.WriteLimits(new Limits((ulong)segment, (ulong)segment), is64, isShared: false);
    }

    private void ParseTableType(ByteWriter to)
    {
        var is64 = TakeAddressType();
        var limits = TakeLimits();
        to.WriteValType(TakeRefType());
        to.WriteLimits(limits, is64, isShared: false);
    }

    private void ParseMemory(Field field)
    {
        if (!TryBeginDefinition(field, out var offset))
            return;

        var start = _cursor.Position;
        var is64 = TakeAddressType();
        if (_cursor.TryTakeForm("data"u8))
        {
            var dataOffset = _cursor.Offset;
            var bytes = _cursor.TakeStrings();
            _cursor.TakeClose();
            var pages = ((ulong)bytes.Length + PageSize - 1) / PageSize;
            _module.Memories.Begin(offset).WriteLimits(new Limits(pages, pages), is64, isShared: false);
            WriteData(dataOffset, (uint)field.Index, ZeroExpression(is64), bytes);
            return;
        }

        _cursor.Position = start;
        ParseMemoryType(_module.Memories.Begin(offset));
    }

    private void ParseMemoryType(ByteWriter to)
    {
        var is64 = TakeAddressType();
        var limits = TakeLimits();
        to.WriteLimits(limits, is64, _cursor.TryTake("shared"u8));
    }

    /// <summary>Takes <c>i32</c>, <c>i64</c> or nothing, which is <c>i32</c> (section 6.4.8 "Address Types").</summary>
    private bool TakeAddressType()
    {
        if (_cursor.TryTake("i64"u8))
            return true;
        _cursor.TryTake("i32"u8);
        return false;
    }

    private Limits TakeLimits()
    {
        var min = _cursor.TakeU64();
        return new Limits(min, _cursor.Kind == TokenKind.Natural ? _cursor.TakeU64() : null);
    }

    private void ParseGlobal(Field field)
    {
        if (!TryBeginDefinition(field, out var offset))
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
        if (!TryBeginDefinition(field, out var offset))
            return;
        var type = TakeTypeUse(null, allowNames: true);
        var tag = _module.Tags.Begin(offset);
        tag.WriteByte(0);
        tag.WriteUnsigned(type);
    }
}
