using Fermata.Python.Interop;

namespace Fermata.Python.Views;

/// <summary>Asynchronous sequences, and what goes over them: <c>async for</c>, and generators that take nothing of what is sent.</summary>
/// <param name="interpreter">Keeps exceptions that are raised.</param>
internal sealed class AsyncIteratorView(Interpreter interpreter) : HostView
{
    public override HostTraits TraitsOf(object value) => value is HostAsyncIterator ? HostTraits.AsyncIterable | HostTraits.AsyncIterator | HostTraits.AsyncGenerator : HostTraits.AsyncIterable;

    public override string TypeNameOf(object value) => value is HostAsyncIterator ? "async_iterator" : base.TypeNameOf(value);

    public override bool TryGet(object value, string name, out object? result)
    {
        result = value is not HostAsyncIterator iterator ? null : name switch
        {
            "next" => (HostMethod)(_ => iterator.Next()),
            "return" => (HostMethod)(_ => iterator.Close()),
            "throw" => (HostMethod)(arguments => iterator.Throw(interpreter.Keep((Exception)arguments[0]!))),
            _ => null,
        };
        return result is not null;
    }
}
