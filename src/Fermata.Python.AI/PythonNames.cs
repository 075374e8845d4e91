using System.Text.RegularExpressions;

namespace Fermata.Python.AI;

/// <summary>Names of tools, as names of Python.</summary>
internal static partial class PythonNames
{
    private static readonly HashSet<string> Keywords = [.. "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".Split(' ')];

    /// <summary>A name with <c>_</c> for each character that a name of Python cannot have, and behind it where it would be a keyword.</summary>
    public static string Of(string name)
    {
        var result = OtherCharacter().Replace(name, "_");
        if (result.Length == 0 || char.IsAsciiDigit(result[0]))
            result = "_" + result;
        return Keywords.Contains(result) ? result + "_" : result;
    }

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex OtherCharacter();
}
