using System.Collections;

namespace Fermata.Python.Views;

/// <summary>What an iterator gives: an item, or the end.</summary>
internal sealed record IteratorStep(bool IsEnd, object? Item)
{
    public static IteratorStep Of(IEnumerator iterator) => iterator.MoveNext() ? new(IsEnd: false, iterator.Current) : new(IsEnd: true, null);
}
