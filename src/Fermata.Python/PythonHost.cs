using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Platform.Network;

namespace Fermata.Python;

/// <summary>
/// Says what Python is given: files, streams, environment, network and time, as for all programs, and functions and objects of .NET. What is not given, Python does not reach.
/// </summary>
public sealed class PythonHost : ProgramBuilder<PythonHost>
{
    /// <summary>The function that <see cref="WithFetch"/> gives.</summary>
    internal const string FetchFunction = "fetch";

    private readonly List<(string Name, Delegate Function, bool Waits)> _functions = [];
    private readonly List<Type> _types = [];

    /// <summary>What files outside of the directories that it is given may take; null for what a file system in memory may take.</summary>
    internal MemoryFileSystemOptions? FileLimits { get; set; }

    /// <summary>How many bytes values of Python may take in .NET; null for no limit.</summary>
    internal long? MostHostBytes { get; set; }

    /// <summary>What Python can import beside its standard library; null for nothing.</summary>
    internal PythonPackages? Packages { get; private set; }

    /// <summary>What <c>fetch</c> may do; null if there is none.</summary>
    internal (NetworkPolicy Network, PythonFetchOptions Options)? Fetch { get; private set; }

    internal IReadOnlyList<(string Name, Delegate Function, bool Waits)> Functions => _functions;

    /// <summary>The names of all that is in the module <c>host</c>.</summary>
    internal IEnumerable<string> FunctionNames => _functions.Select(function => function.Name).Concat(Fetch is null ? [] : [FetchFunction]).Distinct();

    internal IReadOnlyList<Type> Types => _types;

    /// <summary>Gives Python a function, in the module <c>host</c>. Arguments are passed by position or by name, in Python's spelling (<c>page_size</c> for <c>pageSize</c>).</summary>
    /// <param name="name">Its name in Python.</param>
    /// <param name="function">
    /// A delegate. If it returns a task, Python gets an awaitable: <c>await f(x)</c> in a coroutine, <c>run_sync(f(x))</c> elsewhere.
    /// </param>
    /// <param name="waits">Whether a call waits for the task by itself, so that Python sees a plain function. Such a function can be called by promising calls only.</param>
    public PythonHost Expose(string name, Delegate function, bool waits = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(function);
        _functions.Add((name, function, waits));
        return this;
    }

    /// <summary>
    /// Gives Python the function <c>fetch(url, *, method='GET', headers=None, body=None)</c>, in the module <c>host</c>, by which it sends requests of HTTP and HTTPS: <c>await fetch(url)</c>, or
    /// <c>run_sync(fetch(url))</c>. A function of this name that is exposed takes its place.
    /// </summary>
    /// <param name="network">
    /// What may be reached, redirects too: the hosts and ports that <see cref="NetworkPolicy.AllowConnect"/> names, with TCP. Sockets are another matter (<see cref="ProgramBuilder{TBuilder}.WithNetwork"/>).
    /// </param>
    /// <param name="options">Limits; null for <see cref="PythonFetchOptions.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is not above zero.</exception>
    /// <exception cref="ArgumentException">The handler of the options follows redirects.</exception>
    public PythonHost WithFetch(NetworkPolicy network, PythonFetchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= PythonFetchOptions.Default;
        options.Validate();
        Fetch = (network, options);
        return this;
    }

    /// <summary>Gives Python packages beside its standard library. All of them are in one <see cref="PythonPackages"/>: the last that is given counts.</summary>
    /// <param name="packages">The packages, which any number of interpreters have in common.</param>
    public PythonHost WithPackages(PythonPackages packages)
    {
        ArgumentNullException.ThrowIfNull(packages);
        Packages = packages;
        return this;
    }

    /// <summary>Another one that gives the same, and can be told more.</summary>
    internal PythonHost Copy()
    {
        var copy = new PythonHost { Packages = Packages, Fetch = Fetch };
        Settings.CopyTo(copy.Settings);
        copy._functions.AddRange(_functions);
        copy._types.AddRange(_types);
        return copy;
    }

    /// <summary>
    /// Lets Python use the public properties and methods of objects of a type that functions give it, in Python's spelling (<c>status_code</c> for <c>StatusCode</c>). Objects
    /// of other types are nothing but references to Python, except for text, numbers, lists, dictionaries, sequences, arrays of numbers, tasks, delegates and exceptions.
    /// </summary>
    /// <typeparam name="T">The type; an interface lets Python see its members and no others.</typeparam>
    public PythonHost WithType<T>()
        where T : class
    {
        if (typeof(T) == typeof(object))
            throw new ArgumentException("Python cannot be given all objects: name the types that it may use.");
        _types.Add(typeof(T));
        return this;
    }
}
