using System.Collections;

namespace Fermata.Python.Views;

/// <summary>Sequences, and what goes over them: generators that take nothing of what is sent.</summary>
internal sealed class IteratorView : HostView
{
    public override HostTraits TraitsOf(object value) => IsIterator(value) ? HostTraits.Iterable | HostTraits.Iterator | HostTraits.Generator : HostTraits.Iterable;

    public override string TypeNameOf(object value) => value is HostIterator ? "iterator" : base.TypeNameOf(value);

    public override IEnumerator IteratorOf(object value) => IsIterator(value) ? (IEnumerator)value : ((IEnumerable)value).GetEnumerator();

    public override bool TryGet(object value, string name, out object? result)
    {
        result = !IsIterator(value) || value is not IEnumerator iterator ? null : name switch
        {
            "next" => (HostMethod)(_ => HostIterator.Of(iterator).Next()),
            "return" => (HostMethod)(_ => HostIterator.Of(iterator).Close()),
            "throw" => (HostMethod)(arguments => Throw(HostIterator.Of(iterator), (Exception)arguments[0]!)),
            _ => null,
        };
        return result is not null;
    }

    /// <summary>What methods with <c>yield</c> return may be both, and is a sequence as long as nobody goes over it.</summary>
    private static bool IsIterator(object value) => value is IEnumerator and not IEnumerable;

    /// <summary>Raises an exception where it is: nothing there catches it.</summary>
    private static IteratorStep Throw(HostIterator iterator, Exception exception)
    {
        iterator.Close();
        throw exception;
    }
}
