namespace Fermata.Python.Views;

/// <summary>Asynchronous sequences, and what goes over them: <c>async for</c>.</summary>
internal sealed class AsyncIteratorView : HostView
{
    public override HostTraits TraitsOf(object value) => value is HostAsyncIterator ? HostTraits.AsyncIterable | HostTraits.AsyncIterator : HostTraits.AsyncIterable;

    public override bool TryGet(object value, string name, out object? result)
    {
        result = value is HostAsyncIterator iterator && name == "next" ? (HostMethod)(_ => iterator.Next()) : null;
        return result is not null;
    }
}
