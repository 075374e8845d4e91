using System.Collections;

namespace Fermata.Python.Views;

/// <summary>Lists: Pyodide's functions for arrays (<see cref="Functions.ArrayFunctions"/>) do the rest.</summary>
internal sealed class ListView : HostView
{
    public override HostTraits TraitsOf(object value) => HostTraits.Array | HostTraits.Iterable | HostTraits.HasLength | HostTraits.HasIncludes;

    public override string TypeNameOf(object value) => "list";

    public override string TextOf(object value) => $"<list of {LengthOf(value)} items of the host>";

    public override int LengthOf(object value) => ((IList)value).Count;

    public override IEnumerator IteratorOf(object value) => ((IList)value).GetEnumerator();

    public override bool TryGet(object value, string name, out object? result)
    {
        var list = (IList)value;
        result = name switch
        {
            "length" => list.Count,
            "includes" => (HostMethod)(arguments => list.Cast<object?>().Any(item => HostEquality.AreEqual(item, arguments[0]))),
            "pop" => (HostMethod)(_ => RemoveAt(list, list.Count - 1)),
            _ => null,
        };
        return result is not null;
    }

    /// <summary>Removes an item.</summary>
    public static object? RemoveAt(IList list, int index)
    {
        var item = list[index];
        list.RemoveAt(index);
        return item;
    }
}
