namespace Fermata.Text;

/// <summary>An index space of a module and the names for its indices (section 6.3.5 "Identifiers").</summary>
/// <param name="kind">What stands at the indices, as error messages call it: "unknown function $f".</param>
/// <param name="duplicateKind">The same where a name is given twice: "duplicate func $f".</param>
internal sealed class IndexSpace(string kind, string? duplicateKind = null)
{
    private readonly Dictionary<string, int> _indices = [];
    private readonly List<(int Index, string Name)> _names = [];

    public int Count { get; private set; }

    /// <summary>The names in the order of their indices.</summary>
    public IReadOnlyList<(int Index, string Name)> Names => _names;

    /// <summary>Whether an identifier or a name comes next.</summary>
    public static bool IsNamed(TokenCursor cursor) =>
        cursor.Kind == TokenKind.Identifier || cursor.AtAnnotation(AnnotationKind.Name);

    /// <summary>Adds an index, with the identifier and the name that come next if they do.</summary>
    public int Bind(TokenCursor cursor)
    {
        var identifier = cursor.TryTakeIdentifier();
        if (identifier is not null && !_indices.TryAdd(identifier, Count))
            throw cursor.MalformedPrevious($"duplicate {duplicateKind ?? kind}");
        if ((NameAnnotation.TryTake(cursor, kind) ?? identifier) is { } name)
            _names.Add((Count, name));
        return Count++;
    }

    /// <summary>Adds an index without name.</summary>
    public int BindUnnamed() => Count++;

    /// <summary>Adds indices without names.</summary>
    public void Skip(int count) => Count += count;

    /// <summary>Takes an index: a number, which may be out of range, or a bound name.</summary>
    public uint Take(TokenCursor cursor)
    {
        if (cursor.TryTakeIdentifier() is not { } name)
            return cursor.TakeU32();
        return _indices.TryGetValue(name, out var index) ? (uint)index : throw cursor.MalformedPrevious($"unknown {kind}");
    }
}
