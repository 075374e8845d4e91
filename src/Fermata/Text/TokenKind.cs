namespace Fermata.Text;

/// <summary>The kinds of tokens (section 6.2.2 "Tokens"). Annotations and comments are no tokens here.</summary>
internal enum TokenKind : byte
{
    /// <summary>The end of the text.</summary>
    End,
    LeftParen,
    RightParen,

    /// <summary>A word that starts with a small letter; whether the format knows it says <see cref="Keywords"/>.</summary>
    Keyword,

    /// <summary>A name after <c>$</c>, quoted or not.</summary>
    Identifier,

    /// <summary>An integer without sign.</summary>
    Natural,

    /// <summary>An integer with sign.</summary>
    Integer,
    Float,
    String,

    /// <summary>Characters that stand together and form no token.</summary>
    Reserved,
}
