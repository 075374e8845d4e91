using System.Globalization;

namespace Fermata.Text;

/// <summary>The identifiers that stand for the indices of one scope, made of their names.</summary>
/// <remarks>
/// A name that cannot be an identifier is told in an annotation, <c>(@name "…")</c> (appendix "Name Annotations"): one that is empty,
/// that an earlier index has, or that is long. The last are no identifiers because one is repeated wherever it is used, and so text
/// would grow with the square of a module's length.
/// </remarks>
internal sealed class Identifiers
{
    private const int MaxLength = 1000;

    private readonly Dictionary<int, string> _identifiers = [];
    private readonly Dictionary<int, string> _annotations = [];

    /// <summary>No names.</summary>
    public static Identifiers None { get; } = new([]);

    public Identifiers(IEnumerable<(int Index, string Name)> names)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, name) in names.OrderBy(name => name.Index))
        {
            if (CanBeIdentifier(name) && used.Add(name))
                _identifiers.Add(index, QuotedText.Identifier(name));
            else
                _annotations.Add(index, name);
        }
    }

    public static bool CanBeIdentifier(string name) => name.Length is > 0 and <= MaxLength;

    /// <summary>Whether the index has a name, as identifier or otherwise.</summary>
    public bool HasName(int index) => _identifiers.ContainsKey(index) || _annotations.ContainsKey(index);

    /// <summary>The identifier of an index or, without one, its number.</summary>
    public string Reference(int index) =>
        _identifiers.TryGetValue(index, out var identifier) ? identifier : index.ToString(CultureInfo.InvariantCulture);

    /// <summary>What stands behind the keyword of a definition: the identifier or a comment with the index, and the annotation.</summary>
    public void AppendDefinition(TextBuffer to, int index)
    {
        to.Append(' ');
        if (_identifiers.TryGetValue(index, out var identifier))
            to.Append(identifier);
        else
            to.Append("(;").Append(index).Append(";)");
        AppendAnnotation(to, index);
    }

    /// <summary>What stands behind the keyword of a parameter, local or field that has a name.</summary>
    public void AppendName(TextBuffer to, int index)
    {
        if (_identifiers.TryGetValue(index, out var identifier))
            to.Append(' ').Append(identifier);
        AppendAnnotation(to, index);
    }

    private void AppendAnnotation(TextBuffer to, int index)
    {
        if (_annotations.TryGetValue(index, out var name))
            AppendAnnotation(to, name);
    }

    public static void AppendAnnotation(TextBuffer to, string name)
    {
        to.Append(" (@name ");
        QuotedText.AppendName(to, name);
        to.Append(')');
    }
}
