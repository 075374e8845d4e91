using System.Text;
using System.Text.Unicode;
using Fermata.Structure;

namespace Fermata.Text;

/// <summary>A place in the tokens of a text, and the ways to take the next ones.</summary>
internal sealed class TokenCursor
{
    private readonly List<Token> _tokens;
    private readonly AnnotationList _annotations;
    private readonly LoadBudget _budget;

    /// <param name="source">The text.</param>
    /// <param name="budget">What reading it may cost; anything by default.</param>
    /// <exception cref="MalformedModuleException">The text breaks a rule of the lexical format.</exception>
    public TokenCursor(TextSource source, LoadBudget? budget = null)
    {
        Source = source;
        _budget = budget ?? new LoadBudget();
        (_tokens, _annotations) = Lexer.Tokenize(source, _budget);
    }

    private TokenCursor(TextSource source, Annotation annotation, LoadBudget budget)
    {
        Source = source;
        _budget = budget;
        _tokens = Lexer.Tokenize(source, annotation, budget);
        _annotations = new AnnotationList();
    }

    public TextSource Source { get; }

    /// <summary>The index of the next token.</summary>
    public int Position
    {
        get;
        set
        {
            _budget.Spend();
            field = value;
        }
    }

    public Token Current => _tokens[Position];

    public TokenKind Kind => _tokens[Position].Kind;

    /// <summary>The byte offset of the next token in the text.</summary>
    public int Offset => _tokens[Position].Start;

    public ReadOnlySpan<byte> Text => TextOf(_tokens[Position]);

    public ReadOnlySpan<byte> TextOf(Token token) => Source.Bytes.Slice(token.Start, token.Length);

    /// <summary>The token after the next; at the end of the text, the end.</summary>
    public TokenKind PeekKind(int ahead) => _tokens[Math.Min(Position + ahead, _tokens.Count - 1)].Kind;

    /// <summary>Whether the next token is no word of the text format.</summary>
    public bool AtUnknown => IsUnknown(Current);

    /// <summary>Whether the next token is this keyword.</summary>
    public bool At(ReadOnlySpan<byte> keyword) => Kind == TokenKind.Keyword && Text.SequenceEqual(keyword);

    /// <summary>Whether a form with this keyword comes next.</summary>
    public bool AtForm(ReadOnlySpan<byte> keyword) =>
        Kind == TokenKind.LeftParen && _tokens[Position + 1] is { Kind: TokenKind.Keyword } next && TextOf(next).SequenceEqual(keyword);

    public bool TryTake(ReadOnlySpan<byte> keyword)
    {
        if (!At(keyword))
            return false;
        Position++;
        return true;
    }

    /// <summary>Takes the parenthesis and the keyword of a form if they come next.</summary>
    public bool TryTakeForm(ReadOnlySpan<byte> keyword)
    {
        if (!AtForm(keyword))
            return false;
        Position += 2;
        return true;
    }

    public void TakeForm(ReadOnlySpan<byte> keyword)
    {
        if (!TryTakeForm(keyword))
            throw UnexpectedForm();
    }

    public void TakeOpen() => Take(TokenKind.LeftParen);

    public void TakeClose() => Take(TokenKind.RightParen);

    /// <summary>Takes a keyword of any spelling.</summary>
    public string TakeKeyword()
    {
        if (Kind != TokenKind.Keyword)
            throw Unexpected();
        return Encoding.UTF8.GetString(TextOf(_tokens[Position++]));
    }

    /// <summary>Takes a string literal and gives its bytes.</summary>
    public byte[] TakeString()
    {
        if (Kind != TokenKind.String)
            throw Unexpected();
        return StringLiteral.Decode(TextOf(_tokens[Position++]));
    }

    /// <summary>Takes all the string literals that come next and gives their bytes as one.</summary>
    public byte[] TakeStrings()
    {
        using var bytes = new MemoryStream();
        while (Kind == TokenKind.String)
            bytes.Write(TakeString());
        return bytes.ToArray();
    }

    /// <summary>Takes a string literal that is a name, so UTF-8 (section 6.3.4 "Names").</summary>
    public byte[] TakeName()
    {
        var offset = Offset;
        var bytes = TakeString();
        return Utf8.IsValid(bytes) ? bytes : throw Source.Malformed("malformed UTF-8 encoding", offset);
    }

    /// <summary>Takes an identifier if one comes next and gives its characters: <c>$a</c> and <c>$"\61"</c> are the same.</summary>
    public string? TryTakeIdentifier()
    {
        if (Kind != TokenKind.Identifier)
            return null;
        var name = TextOf(_tokens[Position++])[1..];
        return Encoding.UTF8.GetString(name[0] == '"' ? StringLiteral.Decode(name) : name);
    }

    /// <summary>A cursor through what is in an annotation.</summary>
    public TokenCursor Inside(Annotation annotation) => new(Source, annotation, _budget);

    /// <summary>Whether an annotation of a kind stands before the next token.</summary>
    public bool AtAnnotation(AnnotationKind kind) => _annotations.Contains(kind, Position);

    /// <summary>Takes all annotations of a kind that stand before the next token; null for none.</summary>
    public List<Annotation>? TakeAnnotations(AnnotationKind kind) => _annotations.Take(kind, Position);

    /// <summary>The first annotation before one of these tokens that was never taken; null if there is none.</summary>
    public Annotation? FindLeftAnnotation(int firstToken, int lastToken) => _annotations.FindLeft(firstToken, lastToken);

    /// <summary>Takes a number without sign of 32 bits.</summary>
    public uint TakeU32()
    {
        if (Kind != TokenKind.Natural)
            throw Unexpected();
        var value = IntegerLiteral.ReadNatural(Text);
        if (value is null or > uint.MaxValue)
            throw Malformed("i32 constant out of range");
        Position++;
        return (uint)value;
    }

    /// <summary>Takes a number without sign of 64 bits.</summary>
    public ulong TakeU64()
    {
        if (Kind != TokenKind.Natural)
            throw Unexpected();
        var value = IntegerLiteral.ReadNatural(Text) ?? throw Malformed("i64 constant out of range");
        Position++;
        return value;
    }

    /// <summary>Steps over a token or, at a parenthesis, over the whole form.</summary>
    public void Skip()
    {
        if (Kind == TokenKind.LeftParen)
            Position = MatchOf(Position) + 1;
        else if (Kind is TokenKind.RightParen or TokenKind.End)
            throw Unexpected();
        else
            Position++;
    }

    /// <summary>Steps to the parenthesis that closes the form whose opening one is at an index.</summary>
    public void SkipToClose(int open) => Position = MatchOf(open);

    public MalformedModuleException Malformed(string problem) => Source.Malformed(problem, Offset);

    /// <summary>An error of the token that was taken last, which the message shows as it is written.</summary>
    public MalformedModuleException MalformedPrevious(string problem) => Malformed(problem, _tokens[Position - 1]);

    /// <summary>The error that the last token cannot stand there.</summary>
    public MalformedModuleException UnexpectedPrevious() => Unexpected(_tokens[Position - 1]);

    /// <summary>The error that the next token cannot stand here.</summary>
    public MalformedModuleException Unexpected() => Unexpected(Current);

    /// <summary>The error that the next form cannot stand here, or that no form comes next.</summary>
    public MalformedModuleException UnexpectedForm() =>
        Kind == TokenKind.LeftParen && _tokens[Position + 1] is { Kind: TokenKind.Keyword } keyword ? Unexpected(keyword) : Unexpected();

    private void Take(TokenKind kind)
    {
        if (Kind != kind)
            throw UnexpectedForm();
        Position++;
    }

    /// <summary>The index of the parenthesis that closes the form whose opening one is at an index.</summary>
    public int MatchOf(int open) => _tokens[open].Match is >= 0 and var close ? close : throw Unexpected(_tokens[^1]);

    private MalformedModuleException Unexpected(Token token)
    {
        if (token.Kind == TokenKind.End)
            return Source.Malformed("unexpected token: the text ends here", token.Start);
        return Malformed(IsUnknown(token) ? "unknown operator" : "unexpected token", token);
    }

    private bool IsUnknown(Token token) =>
        token.Kind == TokenKind.Reserved || (token.Kind == TokenKind.Keyword && !Keywords.IsKnown(Encoding.UTF8.GetString(TextOf(token))));

    private MalformedModuleException Malformed(string problem, Token token)
    {
        const int shown = 60;
        var text = Encoding.UTF8.GetString(TextOf(token));
        return Source.Malformed($"{problem} {(text.Length > shown ? text[..shown] + "…" : text)}", token.Start);
    }
}
