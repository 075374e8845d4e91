namespace Fermata.Text;

/// <summary>A token of the text.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Start">The byte offset in the text.</param>
/// <param name="Length">The length in bytes.</param>
/// <param name="Match">For a left parenthesis, the index of the token that closes it, or -1 where nothing does.</param>
internal readonly record struct Token(TokenKind Kind, int Start, int Length, int Match);
