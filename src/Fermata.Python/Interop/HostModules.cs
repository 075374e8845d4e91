using Fermata.Python.Views;

namespace Fermata.Python.Interop;

/// <summary>The modules of Python that are objects of .NET. Images of interpreters name the objects in them by their paths, as each interpreter has its own.</summary>
internal sealed class HostModules
{
    private const string Host = "host", Pyodide = "pyodide_js";

    private readonly HostNamespace _root;

    public HostModules(EventLoop loop)
    {
        Functions = [];
        _root = new HostNamespace { [Pyodide] = loop.Module, [Host] = Functions };
    }

    /// <summary>All, by name.</summary>
    public IReadOnlyDictionary<string, object?> All => _root;

    /// <summary>The module <c>host</c>: what Python is given.</summary>
    public HostNamespace Functions { get; }

    /// <summary>The path of an object; null if it is in no module.</summary>
    public string? PathOf(object value) => PathOf(value, _root, "");

    /// <summary>The object at a path.</summary>
    public object? Find(string path) => path.Split('/').Aggregate((object?)_root, (value, name) => ((HostNamespace)value!)[name]);

    private static string? PathOf(object value, HostNamespace module, string prefix)
    {
        foreach (var (name, member) in module)
        {
            if (ReferenceEquals(member, value))
                return prefix + name;
            if (member is HostNamespace inner && PathOf(value, inner, $"{prefix}{name}/") is { } path)
                return path;
        }

        return null;
    }
}
