namespace Fermata.Emscripten.DynamicLinking;

/// <summary>
/// The addresses of symbols, for modules that cannot know them when they are compiled: one global per symbol in a program, which all modules import
/// (<c>GOT.mem</c>, <c>GOT.func</c>). It is zero as long as nobody defines the symbol.
/// </summary>
internal sealed class GlobalOffsetTable(Store store)
{
    public const string Memory = "GOT.mem", Functions = "GOT.func";

    private readonly Dictionary<string, Global> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <summary>The entry of a symbol.</summary>
    public Global this[string symbol]
    {
        get
        {
            if (!_entries.TryGetValue(symbol, out var entry))
            {
                _entries[symbol] = entry = new Global(store, new GlobalType(ValType.I32, IsMutable: true), 0);
                _open.Add(symbol);
            }

            return entry;
        }
    }

    /// <summary>Whether an import is an entry.</summary>
    public static bool Has(ImportType import) =>
        import is { Module: Memory or Functions, Type: GlobalType { IsMutable: true, Type.Kind: ValKind.I32 } };

    /// <summary>The symbols that nobody defines.</summary>
    public IEnumerable<string> Open => _open;

    /// <summary>Takes it that nobody defines some symbols, and that the entries of all others are filled.</summary>
    public void Restore(IEnumerable<string> open)
    {
        _open.Clear();
        _open.UnionWith(open);
    }

    public bool IsOpen(string symbol) => _open.Contains(symbol);

    /// <summary>Fills the entries for which there was nothing up to now.</summary>
    /// <param name="addressOf">The address of a symbol; null if it has none now, either.</param>
    public void Fill(Func<string, uint?> addressOf)
    {
        foreach (var symbol in _open.ToArray())
        {
            if (addressOf(symbol) is not { } address)
                continue;
            _entries[symbol].Value = (int)address;
            _open.Remove(symbol);
        }
    }
}
