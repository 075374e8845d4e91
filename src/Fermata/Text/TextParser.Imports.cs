using Fermata.Binary;

namespace Fermata.Text;

/// <summary>Imports, exports and the types of what is imported (section 6.6 "Modules").</summary>
internal sealed partial class TextParser
{
    private void ParseImport(Field field)
    {
        var import = BeginImport(OffsetOf(field));
        var offset = _cursor.Offset;
        _cursor.TakeOpen();
        var keyword = _cursor.TakeKeyword();
        _cursor.TryTakeIdentifier();
        ParseExternType(import, keyword, field.Index, offset);
        _cursor.TakeClose();
    }

    /// <summary>Reads the two names of an import and begins its entry.</summary>
    private ByteWriter BeginImport(int offset)
    {
        var module = _cursor.TakeName();
        var name = _cursor.TakeName();
        var import = _module.Imports.Begin(offset);
        import.WriteSized(module);
        import.WriteSized(name);
        return import;
    }

    /// <summary>Reads the import inside a definition, if there is one: <c>(func $f (import "m" "n") …)</c>.</summary>
    private bool TryParseInlineImport(Field field)
    {
        if (!_cursor.AtForm("import"u8))
            return false;
        var offset = _cursor.Offset;
        _cursor.TakeForm("import"u8);
        var import = BeginImport(offset);
        _cursor.TakeClose();
        ParseExternType(import, field.Keyword, field.Index, offset);
        return true;
    }

    private void ParseExternType(ByteWriter to, string keyword, int index, int offset)
    {
        switch (keyword)
        {
            case "func":
                var locals = new IndexSpace("local");
                to.WriteByte((byte)ExternKind.Func);
                to.WriteUnsigned(TakeTypeUse(locals, allowNames: true));
                AddLocalNames(index, locals);
                break;
            case "table":
                to.WriteByte((byte)ExternKind.Table);
                ParseTableType(to);
                break;
            case "memory":
                to.WriteByte((byte)ExternKind.Memory);
                ParseMemoryType(to);
                break;
            case "global":
                to.WriteByte((byte)ExternKind.Global);
                ParseGlobalType(to);
                break;
            case "tag":
                to.WriteByte((byte)ExternKind.Tag);
                to.WriteByte(0);
                to.WriteUnsigned(TakeTypeUse(null, allowNames: true));
                break;
            default:
                throw _cursor.Source.Malformed("unexpected token", offset);
        }
    }

    private void ParseExport(Field field)
    {
        var offset = OffsetOf(field);
        var name = _cursor.TakeName();
        _cursor.TakeOpen();
        var keyword = _cursor.TakeKeyword();
        var space = SpaceOf(keyword) ?? throw _cursor.UnexpectedPrevious();
        WriteExport(offset, name, keyword, space.Take(_cursor));
        _cursor.TakeClose();
    }

    /// <summary>Reads the exports inside a definition: <c>(func $f (export "a") (export "b") …)</c>.</summary>
    private void ParseInlineExports(Field field)
    {
        while (_cursor.AtForm("export"u8))
        {
            var offset = _cursor.Offset;
            _cursor.TakeForm("export"u8);
            WriteExport(offset, _cursor.TakeName(), field.Keyword, (uint)field.Index);
            _cursor.TakeClose();
        }
    }

    private void WriteExport(int offset, byte[] name, string keyword, uint index)
    {
        var kind = keyword switch
        {
            "func" => ExternKind.Func,
            "table" => ExternKind.Table,
            "memory" => ExternKind.Memory,
            "global" => ExternKind.Global,
            _ => ExternKind.Tag,
        };
        var export = _module.Exports.Begin(offset);
        export.WriteSized(name);
        export.WriteByte((byte)kind);
        export.WriteUnsigned(index);
    }

    private void ParseStart(Field field)
    {
        var offset = OffsetOf(field);
        if (_module.Start is not null)
            throw _cursor.Source.Malformed("multiple start sections", offset);
        _module.Start = (_functions.Take(_cursor), offset);
    }
}
