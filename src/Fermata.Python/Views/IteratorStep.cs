namespace Fermata.Python.Views;

/// <summary>What an iterator gives: an item, or the end.</summary>
internal sealed record IteratorStep(bool IsEnd, object? Item)
{
    public static IteratorStep End { get; } = new(IsEnd: true, null);
}
