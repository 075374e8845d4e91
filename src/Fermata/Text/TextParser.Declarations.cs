namespace Fermata.Text;

/// <summary>The first visit: which identifiers stand for which indices (section 6.1.3 "Contexts").</summary>
internal sealed partial class TextParser
{
    /// <summary>What the first field was that defines something and is no import.</summary>
    private string? _firstDefinition;

    private void DeclareFields()
    {
        TakeCustomSections();
        while (_cursor.Kind == TokenKind.LeftParen)
        {
            var open = _cursor.Position;
            _cursor.TakeOpen();
            var keyword = _cursor.TakeKeyword();
            _fields.Add(new Field(keyword, open, Declare(keyword, open)));
            _cursor.SkipToClose(open);
            _cursor.TakeClose();
            TakeCustomSections();
        }
    }

    private int Declare(string keyword, int open)
    {
        switch (keyword)
        {
            case "type":
                return _types.Bind(_cursor);
            case "rec":
                return DeclareTypes();
            case "import":
                return DeclareImport(open);
            case "func" or "table" or "memory" or "global" or "tag":
                return DeclareDefinition(keyword, open);
            case "elem":
                return _elements.Bind(_cursor);
            case "data":
                return _data.Bind(_cursor);
            case "export" or "start":
                return -1;
            default:
                _cursor.Position = open;
                throw _cursor.UnexpectedForm();
        }
    }

    private int DeclareTypes()
    {
        var first = _types.Count;
        while (_cursor.Kind != TokenKind.RightParen)
        {
            var open = _cursor.Position;
            _cursor.TakeForm("type"u8);
            _types.Bind(_cursor);
            _cursor.SkipToClose(open);
            _cursor.TakeClose();
        }

        return first;
    }

    private int DeclareImport(int open)
    {
        CheckImportOrder(open);
        _cursor.TakeString();
        _cursor.TakeString();
        _cursor.TakeOpen();
        return SpaceOf(_cursor.TakeKeyword()) is { } space ? space.Bind(_cursor) : throw _cursor.UnexpectedPrevious();
    }

    private int DeclareDefinition(string keyword, int open)
    {
        var index = SpaceOf(keyword)!.Bind(_cursor);
        while (_cursor.AtForm("export"u8))
            _cursor.Skip();
        if (_cursor.AtForm("import"u8))
        {
            CheckImportOrder(open);
            return index;
        }

        _firstDefinition ??= keyword == "func" ? "function" : keyword;
        if (keyword == "table")
            DeclareInlineSegment(_elements, "elem"u8);
        else if (keyword == "memory")
            DeclareInlineSegment(_data, "data"u8);
        return index;
    }

    private void DeclareInlineSegment(IndexSpace space, ReadOnlySpan<byte> keyword)
    {
        while (_cursor.Kind is not (TokenKind.RightParen or TokenKind.End))
        {
            if (_cursor.AtForm(keyword))
                space.BindUnnamed();
            _cursor.Skip();
        }
    }

    /// <summary>Imports take the first indices of each space, so they come before all definitions (section 6.6 "Modules").</summary>
    private void CheckImportOrder(int open)
    {
        if (_firstDefinition is null)
            return;
        _cursor.Position = open;
        throw _cursor.Malformed($"import after {_firstDefinition}");
    }

    private IndexSpace? SpaceOf(string keyword) => keyword switch
    {
        "func" => _functions,
        "table" => _tables,
        "memory" => _memories,
        "global" => _globals,
        "tag" => _tags,
        _ => null,
    };
}
