namespace Fermata.Runtime;

/// <summary>The result of a promising call that has none.</summary>
internal readonly struct NoResult
{
    public static readonly ResultReader<NoResult> Reader = static (_, _) => default;
}
