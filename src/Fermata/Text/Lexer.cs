using System.Text;
using System.Text.Unicode;
using Fermata.Structure;

namespace Fermata.Text;

/// <summary>Splits a text into tokens.</summary>
/// <remarks>
/// Section 6.2 "Lexical Format". Parentheses are matched on the way, so that a reader can step over a form; one that does not
/// match is the reader's to report. Annotations (section 6.2.5 "Annotations") are no tokens: they are checked, and those that the
/// assembler knows are kept apart.
/// </remarks>
internal ref partial struct Lexer
{
    private readonly TextSource _source;
    private readonly LoadBudget _budget;
    private readonly ReadOnlySpan<byte> _text;
    private readonly List<Token> _tokens = [];
    private readonly AnnotationList _annotations = new();
    private readonly Stack<int> _open = new();
    private int _position;

    /// <summary>How many parentheses are open since and with that of an annotation; zero outside.</summary>
    private int _annotationDepth;
    private int _annotationStart;
    private int _annotationContent;
    private AnnotationKind? _annotationKind;

    private Lexer(TextSource source, int start, int end, LoadBudget budget)
    {
        _budget = budget;
        _source = source;
        _text = source.Bytes[..end];
        _position = start;
    }

    /// <summary>All tokens, and one of kind <see cref="TokenKind.End"/> at the end; and the annotations between them.</summary>
    /// <exception cref="MalformedModuleException">The text breaks a rule of the lexical format.</exception>
    public static (List<Token> Tokens, AnnotationList Annotations) Tokenize(TextSource source, LoadBudget budget)
    {
        var lexer = new Lexer(source, 0, source.Bytes.Length, budget);
        lexer.CheckEncoding();
        lexer.Run();
        return (lexer._tokens, lexer._annotations);
    }

    /// <summary>The tokens in an annotation that was found.</summary>
    public static List<Token> Tokenize(TextSource source, Annotation annotation, LoadBudget budget)
    {
        var lexer = new Lexer(source, annotation.ContentStart, annotation.ContentEnd, budget);
        lexer.Run();
        return lexer._tokens;
    }

    private void Run()
    {
        while (_position < _text.Length)
        {
            _budget.Spend();
            Step();
        }

        if (_annotationDepth > 0)
            throw _source.Malformed("unclosed annotation", _annotationStart);
        Add(TokenKind.End, _position);
    }

    private void Step()
    {
        var start = _position;
        switch (_text[start])
        {
            case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r':
                _position++;
                break;
            case (byte)';' when Peek(1) == ';':
                SkipLineComment();
                break;
            case (byte)'(' when Peek(1) == ';':
                SkipBlockComment();
                break;
            case (byte)'(' when Peek(1) == '@' && _annotationDepth == 0:
                BeginAnnotation();
                break;
            case (byte)'(':
                _position++;
                Open(start);
                break;
            case (byte)')':
                _position++;
                Close(start);
                break;
            case (byte)',' or (byte)';' or (byte)'[' or (byte)']' or (byte)'{' or (byte)'}':
                _position++;
                Add(TokenKind.Reserved, start);
                break;
            case var c when c == '"' || IsIdentifierCharacter(c):
                ReadWord();
                break;
            default:
                throw _source.Malformed("illegal character", start);
        }
    }

    private readonly int Peek(int ahead) => _position + ahead < _text.Length ? _text[_position + ahead] : -1;

    private readonly void Add(TokenKind kind, int start)
    {
        if (_annotationDepth == 0)
            _tokens.Add(new Token(kind, start, _position - start, -1));
    }

    private void Open(int start)
    {
        if (_annotationDepth > 0)
        {
            _annotationDepth++;
            return;
        }

        _open.Push(_tokens.Count);
        Add(TokenKind.LeftParen, start);
    }

    private void Close(int start)
    {
        if (_annotationDepth > 0)
        {
            if (--_annotationDepth == 0 && _annotationKind is { } kind)
                _annotations.Add(new Annotation(kind, _tokens.Count, _annotationStart, _annotationContent, start));
            return;
        }

        if (_open.TryPop(out var open))
            _tokens[open] = _tokens[open] with { Match = _tokens.Count };
        Add(TokenKind.RightParen, start);
    }

    /// <summary>An annotation is <c>(@name …)</c>; what is in it is any sequence of tokens with matching parentheses.</summary>
    private void BeginAnnotation()
    {
        var start = _position;
        _position += 2;
        _annotationKind = AnnotationList.FindKind(ReadAnnotationId(start));
        _annotationStart = start;
        _annotationContent = _position;
        _annotationDepth = 1;
    }

    private string ReadAnnotationId(int start)
    {
        if (Peek(0) == '"')
        {
            if (ScanString() is not null)
                throw _source.Malformed("empty annotation id", start);
            CheckQuotedName(start + 2, "empty annotation id");
            return Encoding.UTF8.GetString(StringLiteral.Decode(_text[(start + 2).._position]));
        }

        while (_position < _text.Length && IsIdentifierCharacter(_text[_position]))
            _position++;
        if (_position == start + 2)
            throw _source.Malformed("empty annotation id", start);
        return Encoding.UTF8.GetString(_text[(start + 2).._position]);
    }

    private void SkipLineComment()
    {
        var length = _text[_position..].IndexOfAny((byte)'\n', (byte)'\r');
        _position = length < 0 ? _text.Length : _position + length;
    }

    private void SkipBlockComment()
    {
        var start = _position;
        var depth = 0;
        do
        {
            if (Peek(1) < 0)
                throw _source.Malformed("unclosed comment", start);
            if (_text[_position] == '(' && Peek(1) == ';')
            {
                depth++;
                _position += 2;
            }
            else if (_text[_position] == ';' && Peek(1) == ')')
            {
                depth--;
                _position += 2;
            }
            else
            {
                _position++;
            }
        }
        while (depth > 0);
    }

    private readonly void CheckEncoding()
    {
        if (Utf8.IsValid(_text))
            return;
        var offset = 0;
        while (Rune.DecodeFromUtf8(_text[offset..], out _, out var length) == System.Buffers.OperationStatus.Done)
            offset += length;
        throw _source.Malformed("malformed UTF-8 encoding", offset);
    }

    public static bool IsIdentifierCharacter(byte c) =>
        char.IsAsciiLetterOrDigit((char)c) || "!#$%&'*+-./:<=>?@\\^_`|~"u8.Contains(c);
}
