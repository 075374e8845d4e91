namespace Fermata.Emscripten;

/// <summary>What an instance exports, by Emscripten's names.</summary>
internal sealed class ProgramExports
{
    private readonly Instance? _instance;

    /// <summary>The names in the module, by Emscripten's, where these are others.</summary>
    private readonly Dictionary<string, string> _minified = new(StringComparer.Ordinal);
    private readonly EmscriptenNames _names = EmscriptenNames.None;

    private ProgramExports()
    {
    }

    public ProgramExports(Instance instance, EmscriptenNames names)
    {
        (_instance, _names) = (instance, names);
        foreach (var (minified, name) in names.Exports)
            _minified[name] = minified;
    }

    public static ProgramExports None { get; } = new();

    /// <summary>A function by the first of names that is exported; null if none is.</summary>
    public Function? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find<Function>(name) is { } function)
                return function;
        }

        return null;
    }

    /// <summary>A value that is no function; null if there is none of that name and type.</summary>
    public T? Find<T>(string name)
        where T : class => NameOf(name) is { } exported ? _instance?.Find<T>(exported) : null;

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Function Get(string name) => Find(name) ?? throw new InvalidOperationException(
        $"The program exports no function {name}, which this needs. Compile it with -sEXPORTED_FUNCTIONS=_{name}, or, if it is minified, say in EmscriptenNames how it is called.");

    /// <summary>The name in the module; null if that is another thing's.</summary>
    private string? NameOf(string name) => _minified.TryGetValue(name, out var minified) ? minified : _names.Exports.ContainsKey(name) ? null : name;
}
