namespace Fermata.Python.Interop;

/// <summary>A value that is nothing but itself.</summary>
internal sealed class Marker(string name)
{
    /// <summary>What is neither a value nor null: Python's None.</summary>
    public static Marker Undefined { get; } = new("undefined");

    /// <summary>What a function gives that has set Python's exception.</summary>
    public static Marker Error { get; } = new("error");

    /// <summary>What a function of Pyodide gives that has no result.</summary>
    public static Marker NoValue { get; } = new("no value");

    public override string ToString() => name;
}
