namespace Fermata.Wast;

/// <summary>Which scripts of the suite use what the engine does not have. All others are to pass.</summary>
internal static class Coverage
{
    /// <summary>The start of their paths from the root of the suite, and what it is that they use.</summary>
    private static readonly (string Prefix, string Missing)[] NotCovered =
    [
        ("custom/", "annotations for custom sections"),
        ("threads/", "atomic instructions and threads"),
    ];

    /// <summary>What a script uses that the engine does not have; null for nothing.</summary>
    public static string? Missing(string path) =>
        Array.Find(NotCovered, entry => path.StartsWith(entry.Prefix, StringComparison.Ordinal)).Missing;
}
