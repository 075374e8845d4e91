using Fermata.Text;

namespace Fermata.Wast;

/// <summary>A module in a script: text, quoted text, or bytes.</summary>
internal sealed class WastModule
{
    private readonly TokenCursor? _fields;
    private readonly int _position;
    private readonly byte[] _content;
    private readonly bool _isBinary;

    private WastModule(string? name, int line, TokenCursor? fields, byte[] content, bool isBinary)
    {
        Name = name;
        Line = line;
        _fields = fields;
        _position = fields?.Position ?? 0;
        _content = content;
        _isBinary = isBinary;
    }

    /// <summary>The identifier; null without one.</summary>
    public string? Name { get; }

    /// <summary>The line of the script that it starts on.</summary>
    public int Line { get; }

    /// <summary>A module whose fields come next in the script.</summary>
    public static WastModule FromFields(string? name, int line, TokenCursor fields) => new(name, line, fields, [], false);

    public static WastModule FromQuote(string? name, int line, byte[] text) => new(name, line, null, text, false);

    public static WastModule FromBinary(string? name, int line, byte[] bytes) => new(name, line, null, bytes, true);

    /// <summary>The module in the binary format, and the way back to the text if it was given as text.</summary>
    /// <exception cref="MalformedModuleException">The text is not a module.</exception>
    public (byte[] Binary, SourceMap? Map) Assemble()
    {
        if (_isBinary)
            return (_content, null);
        var result = _fields is null ? TextModule.Assemble(_content) : AssembleFields(_fields);
        return (result.Binary, result.Map);
    }

    private TextModuleResult AssembleFields(TokenCursor fields)
    {
        // The threads of a script all read from it.
        lock (fields)
        {
            fields.Position = _position;
            return TextModule.AssembleFields(fields, Name);
        }
    }
}
