using Fermata.Emscripten;
using Fermata.Python.Views;

namespace Fermata.Python.Interop;

/// <summary>An interpreter that has started and was given nothing yet, for others to begin with.</summary>
internal sealed class InterpreterImage
{
    private InterpreterImage(EmscriptenImage program) => Program = program;

    /// <summary>What its program has.</summary>
    public EmscriptenImage Program { get; }

    /// <summary>Makes the image of an interpreter.</summary>
    public static InterpreterImage Capture(Interpreter python) => new(python.Instance.Capture(value => Save(value, python)));

    /// <summary>The object that an interpreter has for what is kept of another's.</summary>
    public static object? Load(object saved, Interpreter python) => saved switch
    {
        InModule place => python.Modules.Find(place.Path),
        Numbers numbers => numbers.Values.ToDictionary(pair => Load(pair.Value, python)!, pair => pair.Number, HostEquality.Instance),
        _ => saved,
    };

    private static object Save(object value, Interpreter python) => value switch
    {
        Marker or bool => value,
        Dictionary<object, int> numbers => new Numbers([.. numbers.Select(pair => (Save(pair.Key, python), pair.Value))]),
        _ => python.Modules.PathOf(value) is { } path ? new InModule(path) : throw new NotSupportedException($"An image of an interpreter cannot have a {value.GetType()}."),
    };

    /// <summary>An object in a module.</summary>
    private sealed record InModule(string Path);

    /// <summary>The numbers of values to which Pyodide has references.</summary>
    private sealed record Numbers((object Value, int Number)[] Values);
}
