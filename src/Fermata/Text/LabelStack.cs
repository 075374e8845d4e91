using System.Globalization;

namespace Fermata.Text;

/// <summary>The labels of the blocks around an instruction (section 6.5.1 "Labels").</summary>
internal sealed class LabelStack(PrintedNames names)
{
    /// <summary>The identifiers of the open labels, outermost first, each with the level that it stood for before.</summary>
    private readonly List<(string? Identifier, int Hidden)> _open = [];

    /// <summary>For each visible identifier, how many labels were open before that label.</summary>
    private readonly Dictionary<string, int> _visible = [];

    /// <summary>How many blocks of the function have begun.</summary>
    public int Ordinal { get; private set; }

    /// <summary>Goes to the start of the function at hand, or of an expression that is in none.</summary>
    public void Restart()
    {
        _open.Clear();
        _visible.Clear();
        Ordinal = 0;
    }

    /// <summary>Opens the label of the next block.</summary>
    public void Push()
    {
        var identifier = Identifier(names.Label(Ordinal));
        var hidden = -1;
        if (identifier is not null)
        {
            hidden = _visible.GetValueOrDefault(identifier, -1);
            _visible[identifier] = _open.Count;
        }

        _open.Add((identifier, hidden));
        Ordinal++;
    }

    public void Pop()
    {
        var (identifier, hidden) = _open[^1];
        _open.RemoveAt(_open.Count - 1);
        if (identifier is null)
            return;
        if (hidden >= 0)
            _visible[identifier] = hidden;
        else
            _visible.Remove(identifier);
    }

    /// <summary>A label as an identifier if that stands for it here, otherwise its number, with its level in a comment.</summary>
    /// <param name="to">Takes the text.</param>
    /// <param name="depth">How many labels are skipped, from the innermost.</param>
    public void AppendReference(TextBuffer to, int depth)
    {
        var level = _open.Count - 1 - depth;
        if (level >= 0 && _open[level].Identifier is { } identifier && _visible[identifier] == level)
            to.Append(identifier);
        else
            to.Append(depth).Append(" (;@").Append(level + 1).Append(";)");
    }

    /// <summary>What stands behind the keyword of a block that begins here: the identifier of its label, or its level in a comment.</summary>
    /// <param name="to">Takes the text.</param>
    /// <param name="ordinal">How many blocks of the function begin before it.</param>
    public void AppendDefinition(TextBuffer to, int ordinal)
    {
        var name = names.Label(ordinal);
        to.Append(' ').Append(Identifier(name) ?? string.Create(CultureInfo.InvariantCulture, $"(;@{_open.Count + 1};)"));
        if (name is not null && !Identifiers.CanBeIdentifier(name))
            Identifiers.AppendAnnotation(to, name);
    }

    private static string? Identifier(string? name) =>
        name is not null && Identifiers.CanBeIdentifier(name) ? QuotedText.Identifier(name) : null;
}
