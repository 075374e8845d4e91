using Fermata.Binary;

namespace Fermata.Text;

/// <summary>Assembles the fields of one module.</summary>
/// <remarks>
/// Fields may refer to later ones, so they are visited three times: to bind identifiers, to define types, and, in the order of
/// the text, for all the rest. The third visit writes the sections as it reads; there is no syntax tree. Where something depends
/// on a type that a type use further on defines, all is read a second time, with the types that the first reading found.
/// </remarks>
/// <param name="cursor">Stands before the first field.</param>
/// <param name="laterTypes">The implicit types that a first run has found; null for the first run.</param>
internal sealed partial class TextParser(TokenCursor cursor, List<ImplicitType>? laterTypes)
{
    private readonly TokenCursor _cursor = cursor;
    private readonly ModuleEncoder _module = new();
    private readonly NameSectionWriter _names = new();
    private readonly List<Field> _fields = [];

    private readonly IndexSpace _types = new("type");
    private readonly IndexSpace _functions = new("function", "func");
    private readonly IndexSpace _tables = new("table");
    private readonly IndexSpace _memories = new("memory");
    private readonly IndexSpace _globals = new("global");
    private readonly IndexSpace _tags = new("tag");
    private readonly IndexSpace _elements = new("elem segment");
    private readonly IndexSpace _data = new("data segment");

    /// <summary>A field of the module.</summary>
    /// <param name="Keyword">The keyword that says what it is.</param>
    /// <param name="Open">The index of the token that opens it.</param>
    /// <param name="Index">The first index that it defines, in the index space of its kind.</param>
    private readonly record struct Field(string Keyword, int Open, int Index);

    public TextModuleResult Parse(string? identifier)
    {
        var start = _cursor.Position;
        var name = NameAnnotation.TryTake(_cursor, "module") ?? identifier;
        DeclareFields();
        var end = _cursor.Position;
        foreach (var field in _fields)
        {
            Enter(field);
            DefineTypes(field);
        }

        foreach (var type in laterTypes ?? [])
            Define(type);
        foreach (var field in _fields)
        {
            Enter(field);
            ParseField(field);
        }

        _cursor.Position = end;
        RequireAllTaken(start, end);
        CollectNames(name);
        _hints.AddTo(_module.CustomSections);
        var module = _module.Encode();
        return new TextModuleResult(module.Bytes.ToArray(), new SourceMap(_cursor.Source, [.. module.Marks]));
    }

    /// <summary>Goes to the first token after a field's keyword.</summary>
    private void Enter(Field field) => _cursor.Position = field.Open + 2;

    /// <summary>The byte offset of a field in the text.</summary>
    private int OffsetOf(Field field)
    {
        _cursor.Position = field.Open;
        var offset = _cursor.Offset;
        Enter(field);
        return offset;
    }

    private void ParseField(Field field)
    {
        switch (field.Keyword)
        {
            case "type" or "rec":
                return;
            case "import":
                ParseImport(field);
                break;
            case "func":
                ParseFunction(field);
                break;
            case "table":
                ParseTable(field);
                break;
            case "memory":
                ParseMemory(field);
                break;
            case "global":
                ParseGlobal(field);
                break;
            case "tag":
                ParseTag(field);
                break;
            case "export":
                ParseExport(field);
                break;
            case "start":
                ParseStart(field);
                break;
            case "elem":
                ParseElementSegment(field);
                break;
            case "data":
                ParseDataSegment(field);
                break;
        }

        _cursor.TakeClose();
    }
}
