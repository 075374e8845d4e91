namespace Fermata.Emscripten;

/// <summary>What an instance exports, by Emscripten's names.</summary>
internal sealed class ProgramExports
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    private ProgramExports()
    {
    }

    public ProgramExports(Instance instance, EmscriptenNames names)
    {
        foreach (var export in instance.Exports)
            _values[names.Exports.GetValueOrDefault(export.Name, export.Name)] = export.Value;
    }

    public static ProgramExports None { get; } = new();

    /// <summary>A function by the first of names that is exported; null if none is.</summary>
    public Function? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_values.GetValueOrDefault(name) is Function function)
                return function;
        }

        return null;
    }

    /// <summary>A value that is no function; null if there is none of that name and type.</summary>
    public T? Find<T>(string name)
        where T : class => _values.GetValueOrDefault(name) as T;

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Function Get(string name) => Find(name) ?? throw new InvalidOperationException(
        $"The program exports no function {name}, which this needs. Compile it with -sEXPORTED_FUNCTIONS=_{name}, or, if it is minified, say in EmscriptenNames how it is called.");
}
