using System.Globalization;
using System.Text;

namespace Fermata.Text;

/// <summary>Writes string literals and identifiers: the inverse of <see cref="StringLiteral"/>.</summary>
/// <remarks>Sections 6.3.3 "Strings" and 6.3.5 "Identifiers".</remarks>
internal static class QuotedText
{
    /// <summary>A string of any bytes; what is no printable ASCII character is escaped.</summary>
    public static void AppendBytes(TextBuffer to, ReadOnlySpan<byte> bytes)
    {
        to.Append('"');
        foreach (var b in bytes)
        {
            if (!TryAppendSimple(to, b))
                to.Append('\\').Append(b.ToString("x2", CultureInfo.InvariantCulture));
        }

        to.Append('"');
    }

    /// <summary>A string of characters; those that are invisible, or that change how their neighbours look, are escaped.</summary>
    public static void AppendName(TextBuffer to, string name)
    {
        Span<char> characters = stackalloc char[2];
        to.Append('"');
        foreach (var rune in name.EnumerateRunes())
        {
            if (TryAppendSimple(to, rune.Value))
                continue;
            if (IsVisible(rune))
                to.Append(characters[..rune.EncodeToUtf16(characters)]);
            else
                to.Append("\\u{").Append(rune.Value.ToString("x", CultureInfo.InvariantCulture)).Append('}');
        }

        to.Append('"');
    }

    /// <summary>The identifier with these characters, which are not none: <c>$a</c>, or <c>$"a b"</c>.</summary>
    public static string Identifier(string name)
    {
        var text = new TextBuffer();
        text.Append('$');
        if (name.All(c => c < 0x80 && Lexer.IsIdentifierCharacter((byte)c)))
            text.Append(name);
        else
            AppendName(text, name);
        return text.Text.ToString();
    }

    private static bool TryAppendSimple(TextBuffer to, int code)
    {
        switch (code)
        {
            case '\t':
                to.Append("\\t");
                return true;
            case '\n':
                to.Append("\\n");
                return true;
            case '\r':
                to.Append("\\r");
                return true;
            case '"' or '\\':
                to.Append('\\').Append((char)code);
                return true;
            case >= ' ' and < 0x7F:
                to.Append((char)code);
                return true;
            default:
                return false;
        }
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator);
}
