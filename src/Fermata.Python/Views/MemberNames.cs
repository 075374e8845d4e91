using System.Text;

namespace Fermata.Python.Views;

/// <summary>Members of .NET have names for Python as PEP 8 has them: <c>StatusCode</c> is <c>status_code</c>.</summary>
internal static class MemberNames
{
    public static string ToPython(string name)
    {
        var result = new StringBuilder();
        for (var index = 0; index < name.Length; index++)
        {
            // A word begins where a small letter precedes, or where the last capital of an abbreviation has a small one behind it.
            if (char.IsUpper(name[index]) && index > 0 && name[index - 1] != '_' && (!char.IsUpper(name[index - 1]) || (index + 1 < name.Length && char.IsLower(name[index + 1]))))
                result.Append('_');
            result.Append(char.ToLowerInvariant(name[index]));
        }

        return result.ToString();
    }
}
