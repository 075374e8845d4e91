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

    /// <summary>Adds an index, with the identifier that comes next if one does.</summary>
    public int Bind(TokenCursor cursor)
    {
        if (cursor.TryTakeIdentifier() is not { } name)
            return Count++;
        if (!_indices.TryAdd(name, Count))
            throw cursor.MalformedPrevious($"duplicate {duplicateKind ?? kind}");
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
