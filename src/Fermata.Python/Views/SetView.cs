using System.Collections;

namespace Fermata.Python.Views;

/// <summary>Sets that Python made.</summary>
internal sealed class SetView : HostView
{
    public override HostTraits TraitsOf(object value) => HostTraits.Iterable | HostTraits.HasLength | HostTraits.HasHas;

    public override string TypeNameOf(object value) => "set";

    public override int LengthOf(object value) => ((HashSet<object>)value).Count;

    public override IEnumerator IteratorOf(object value) => ((HashSet<object>)value).GetEnumerator();

    public override bool TryGet(object value, string name, out object? result)
    {
        var set = (HashSet<object>)value;
        result = name switch
        {
            "size" => set.Count,
            "has" => (HostMethod)(arguments => set.Contains(arguments[0]!)),
            _ => null,
        };
        return result is not null;
    }
}
