using System.Collections;

namespace Fermata.Python.Views;

/// <summary>Sequences, and what goes over them.</summary>
internal sealed class IteratorView : HostView
{
    public override HostTraits TraitsOf(object value) => value is IEnumerator ? HostTraits.Iterable | HostTraits.Iterator : HostTraits.Iterable;

    public override IEnumerator IteratorOf(object value) => value as IEnumerator ?? ((IEnumerable)value).GetEnumerator();

    public override bool TryGet(object value, string name, out object? result)
    {
        result = value is IEnumerator iterator && name == "next" ? (HostMethod)(_ => IteratorStep.Of(iterator)) : null;
        return result is not null;
    }
}
