using System.Text;

namespace Fermata.Durable;

/// <summary>Text as databases can hold it: PostgreSQL has no U+0000, and neither has UTF-8 halves of surrogate pairs.</summary>
internal static class StorableText
{
    /// <summary>The text, if it can be held.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public static string Require(string text, string what)
    {
        var index = IndexOfOther(text);
        return index < 0 ? text
            : throw new ArgumentException($"The text of '{what}' has U+{(int)text[index]:X4} at index {index}, which a database cannot hold: U+0000, and half of a surrogate pair.", what);
    }

    /// <summary>What is told of a failure: its type and its message.</summary>
    public static string Of(Exception failure) => Of($"{failure.GetType().Name}: {failure.Message}");

    /// <summary>The text, with U+FFFD for what cannot be held.</summary>
    public static string Of(string text)
    {
        if (IndexOfOther(text) < 0)
            return text;
        var held = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            held.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        return held.ToString();
    }

    private static int IndexOfOther(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
                index++;
            else if (text[index] == '\0' || char.IsSurrogate(text[index]))
                return index;
        }

        return -1;
    }
}
