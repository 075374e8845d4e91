using System.Collections;
using Fermata.Python.Interop;

namespace Fermata.Python.Views;

/// <summary>The view of each object: the first kind that it is.</summary>
internal sealed class HostViews
{
    private static readonly HostView Error = new ErrorView(), Buffer = new BufferView(), Namespace = new NamespaceView(),
        List = new ListView(), Set = new SetView(), Iterator = new IteratorView(), Python = new PythonObjectView(), Opaque = new OpaqueView();

    private readonly HostView _function, _task, _dictionary, _asyncIterator;

    /// <summary>The types that the host permits, the most derived first.</summary>
    private readonly (Type Type, HostView View)[] _permitted;

    public HostViews(Interpreter interpreter, IEnumerable<Type> permitted)
    {
        (_function, _task, _dictionary, _asyncIterator) = (new FunctionView(interpreter), new TaskView(interpreter), new DictionaryView(interpreter), new AsyncIteratorView(interpreter));
        _permitted = [.. permitted.Distinct().OrderByDescending(DepthOf).Select(type => (type, (HostView)new ObjectView(type)))];
    }

    public HostView Of(object value)
    {
        foreach (var (type, view) in _permitted)
        {
            if (type.IsInstanceOfType(value))
                return view;
        }

        return value switch
        {
            ExposedFunction or HostMethod => _function,
            Task => _task,
            Exception => Error,
            PythonObject => Python,
            HostNamespace => Namespace,
            IDictionary => _dictionary,
            HashSet<object> => Set,
            _ when BufferView.Takes(value) => Buffer,
            IList => List,
            IEnumerator or IEnumerable and not string => Iterator,
            HostAsyncIterator => _asyncIterator,
            _ when HostAsyncIterator.IsSequence(value) => _asyncIterator,
            _ => Opaque,
        };
    }

    private static int DepthOf(Type type)
    {
        var depth = 0;
        for (var current = type; current is not null; current = current.BaseType)
            depth++;
        return depth;
    }
}
