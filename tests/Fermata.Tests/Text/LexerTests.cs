using Fermata.Structure;
using Fermata.Text;

namespace Fermata.Tests.Text;

public class LexerTests
{
    [Theory]
    [InlineData("module", nameof(TokenKind.Keyword))]
    [InlineData("i32.const", nameof(TokenKind.Keyword))]
    [InlineData("offset=4", nameof(TokenKind.Keyword))]
    [InlineData("nan:canonical", nameof(TokenKind.Keyword))]
    [InlineData("nan:0x", nameof(TokenKind.Keyword))]
    [InlineData("$a", nameof(TokenKind.Identifier))]
    [InlineData("$\"a b\"", nameof(TokenKind.Identifier))]
    [InlineData("$a\"b\"", nameof(TokenKind.Reserved))]
    [InlineData("0", nameof(TokenKind.Natural))]
    [InlineData("1_000", nameof(TokenKind.Natural))]
    [InlineData("0xFf_fF", nameof(TokenKind.Natural))]
    [InlineData("-0x1", nameof(TokenKind.Integer))]
    [InlineData("+1", nameof(TokenKind.Integer))]
    [InlineData("1.", nameof(TokenKind.Float))]
    [InlineData("1e5", nameof(TokenKind.Float))]
    [InlineData("1.5E+1_0", nameof(TokenKind.Float))]
    [InlineData("0x1.8p-3", nameof(TokenKind.Float))]
    [InlineData("0xep1", nameof(TokenKind.Float))]
    [InlineData("-inf", nameof(TokenKind.Float))]
    [InlineData("nan:0x1_2", nameof(TokenKind.Float))]
    [InlineData("\"a\\\"b\\u{1F_600}\\ff\"", nameof(TokenKind.String))]
    [InlineData("\"a\"\"b\"", nameof(TokenKind.Reserved))]
    [InlineData("\"a\"b", nameof(TokenKind.Reserved))]
    [InlineData("1__0", nameof(TokenKind.Reserved))]
    [InlineData("_1", nameof(TokenKind.Reserved))]
    [InlineData("1_", nameof(TokenKind.Reserved))]
    [InlineData("0x", nameof(TokenKind.Reserved))]
    [InlineData("1.5e", nameof(TokenKind.Reserved))]
    [InlineData("0x1.8e5p", nameof(TokenKind.Reserved))]
    [InlineData(".5", nameof(TokenKind.Reserved))]
    [InlineData("+-1", nameof(TokenKind.Reserved))]
    [InlineData("+infinity", nameof(TokenKind.Reserved))]
    [InlineData("A", nameof(TokenKind.Reserved))]
    [InlineData(",", nameof(TokenKind.Reserved))]
    public void A_word_is_one_token(string text, string kind)
    {
        var tokens = Lexer.Tokenize(TextSource.From(text), new LoadBudget()).Tokens;

        Assert.Equal([kind, nameof(TokenKind.End)], tokens.Select(token => token.Kind.ToString()));
        Assert.Equal(text.Length, tokens[0].Length);
    }

    [Fact]
    public void Parentheses_know_their_match()
    {
        var tokens = Lexer.Tokenize(TextSource.From("(a (b) \"(\") (c"), new LoadBudget()).Tokens;

        Assert.Equal(6, tokens[0].Match);
        Assert.Equal(4, tokens[2].Match);
        Assert.Equal(-1, tokens[7].Match);
    }

    [Theory]
    [InlineData("a ;; b ) \" \n c")]
    [InlineData("a(;b (; nested ;) \" ;)c")]
    [InlineData("a (@x (y) \"z)\" , ; [ 0x (@) (; ) ;) ) c")]
    [InlineData("a (@\"x y\") c")]
    [InlineData("a ;;b\rc")]
    public void Comments_and_annotations_are_no_tokens(string text)
    {
        var tokens = Lexer.Tokenize(TextSource.From(text), new LoadBudget()).Tokens;

        Assert.Equal([TokenKind.Keyword, TokenKind.Keyword, TokenKind.End], tokens.Select(token => token.Kind));
    }

    [Theory]
    [InlineData("ab \u0001", "illegal character", 1, 4)]
    [InlineData("é", "illegal character", 1, 1)]
    [InlineData("\"é\" ü", "illegal character", 1, 5)]
    [InlineData("a\n  (; b (; ;)", "unclosed comment", 2, 3)]
    [InlineData("a\n \"b\n\"", "unclosed string", 2, 2)]
    [InlineData("a \"b", "unclosed string", 1, 3)]
    [InlineData("\"a\u0007\"", "illegal control character in string literal", 1, 3)]
    [InlineData("\"ab\\q\"", "illegal escape", 1, 4)]
    [InlineData("\"\\u{d800}\"", "illegal escape", 1, 2)]
    [InlineData("\"\\u{110000}\"", "illegal escape", 1, 2)]
    [InlineData("\"\\u{}\"", "illegal escape", 1, 2)]
    [InlineData("\"\\1\"", "illegal escape", 1, 2)]
    [InlineData("$", "empty identifier", 1, 1)]
    [InlineData("x $\"\"", "empty identifier", 1, 4)]
    [InlineData("$\"\\ff\"", "malformed UTF-8 encoding", 1, 2)]
    [InlineData("\r\n\r(@ x)", "empty annotation id", 3, 1)]
    [InlineData("(@x (a)", "unclosed annotation", 1, 1)]
    public void A_lexical_error_has_its_place(string text, string problem, int line, int column)
    {
        var error = Assert.Throws<MalformedModuleException>(() => Lexer.Tokenize(TextSource.From(text), new LoadBudget()));

        Assert.Equal((problem, line, column), (error.Problem, error.Line, error.Column));
        Assert.Null(error.Offset);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_malformed()
    {
        byte[] text = [(byte)';', (byte)';', 0xC3, 0xA9, 0x80];

        var error = Assert.Throws<MalformedModuleException>(() => TextModule.Assemble(text));

        Assert.Equal(("malformed UTF-8 encoding", 1, 4), (error.Problem, error.Line, error.Column));
    }

    [Fact]
    public void A_lone_surrogate_is_malformed()
    {
        var error = Assert.Throws<MalformedModuleException>(() => TextModule.Assemble("(module)\n ;; \ud800"));

        Assert.Equal(("malformed UTF-8 encoding", 2, 5), (error.Problem, error.Line, error.Column));
    }

    [Theory]
    [InlineData("\"a\\t\\n\\r\\\"\\'\\\\\"", "a\t\n\r\"'\\")]
    [InlineData("\"\\41\\c3\\a9\"", "Aé")]
    [InlineData("\"\\u{1_f600}é\"", "😀é")]
    [InlineData("\"\"", "")]
    public void Escapes_stand_for_bytes(string literal, string expected) =>
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(expected), StringLiteral.Decode(System.Text.Encoding.UTF8.GetBytes(literal)));
}
