using System.Text.Unicode;

namespace Fermata.Text;

internal ref partial struct Lexer
{
    /// <summary>Reads the longest run of identifier characters and strings: they form one token or, mixed, none.</summary>
    private void ReadWord()
    {
        var start = _position;
        var strings = 0;
        while (_position < _text.Length)
        {
            if (_text[_position] == '"')
            {
                ReadString(start);
                strings++;
            }
            else if (IsIdentifierCharacter(_text[_position]))
            {
                _position++;
            }
            else
            {
                break;
            }
        }

        if (_annotationDepth == 0)
            Add(Classify(start, strings), start);
    }

    private readonly TokenKind Classify(int start, int strings)
    {
        var word = _text[start.._position];
        if (word[0] == '$')
            return ClassifyIdentifier(start, strings);
        if (word[0] == '"')
            return strings == 1 && StringEnd(start) == _position ? TokenKind.String : TokenKind.Reserved;
        if (strings > 0)
            return TokenKind.Reserved;
        var number = NumberSyntax.Classify(word);
        if (number != TokenKind.Reserved)
            return number;
        return char.IsAsciiLetterLower((char)word[0]) ? TokenKind.Keyword : TokenKind.Reserved;
    }

    private readonly TokenKind ClassifyIdentifier(int start, int strings)
    {
        if (_position == start + 1)
            throw _source.Malformed("empty identifier", start);
        if (strings == 0)
            return TokenKind.Identifier;
        if (strings > 1 || _text[start + 1] != '"' || StringEnd(start + 1) != _position)
            return TokenKind.Reserved;
        CheckQuotedName(start + 1, "empty identifier");
        return TokenKind.Identifier;
    }

    /// <summary>Checks the string from <paramref name="start"/> to the position: a name is not empty and is UTF-8.</summary>
    private readonly void CheckQuotedName(int start, string problemIfEmpty)
    {
        var name = StringLiteral.Decode(_text[start.._position]);
        if (name.Length == 0)
            throw _source.Malformed(problemIfEmpty, start);
        if (!Utf8.IsValid(name))
            throw _source.Malformed("malformed UTF-8 encoding", start);
    }

    /// <summary>Where the string that starts at <paramref name="start"/> and was found well-formed ends.</summary>
    private readonly int StringEnd(int start)
    {
        var end = start + 1;
        while (_text[end] != '"')
            end += _text[end] == '\\' ? 2 : 1;
        return end + 1;
    }

    private void ReadString(int wordStart)
    {
        var start = _position;
        if (ScanString() is not { } problem)
            return;
        if (start == wordStart + 1 && _text[wordStart] == '$' && _annotationDepth == 0)
            throw _source.Malformed("empty identifier", wordStart);
        throw _source.Malformed(problem, problem.StartsWith("unclosed", StringComparison.Ordinal) ? start : _position);
    }

    /// <summary>Steps over a string literal (section 6.3.3 "Strings"); returns what is wrong with it, at the position, or null.</summary>
    private string? ScanString()
    {
        _position++;
        while (_position < _text.Length)
        {
            switch (_text[_position])
            {
                case (byte)'"':
                    _position++;
                    return null;
                case (byte)'\n' or (byte)'\r':
                    return "unclosed string";
                case < 0x20 or 0x7F:
                    return "illegal control character in string literal";
                case (byte)'\\':
                    var length = StringLiteral.EscapeLength(_text[_position..]);
                    if (length == 0)
                        return "illegal escape";
                    _position += length;
                    break;
                default:
                    _position++;
                    break;
            }
        }

        return "unclosed string";
    }
}
