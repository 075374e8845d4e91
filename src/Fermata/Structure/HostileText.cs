using System.Globalization;
using System.Text;

namespace Fermata.Structure;

/// <summary>Names that come from a module, made fit for messages: a module may name things with line feeds or a megabyte of text.</summary>
internal static class HostileText
{
    private const int LongestName = 200;

    /// <summary>The name with its control characters and lone surrogates escaped, cut where it is too long.</summary>
    /// <param name="name">The name.</param>
    /// <param name="longest">How many characters are told at most.</param>
    public static string Printable(string name, int longest = LongestName)
    {
        var text = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (text.Length >= longest)
                return text.Append('…').ToString();
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            else
                text.Append(rune.ToString());
        }
        return text.ToString();
    }

    /// <summary>The printable name in double quotes.</summary>
    public static string Quoted(string name) => $"\"{Printable(name)}\"";
}
