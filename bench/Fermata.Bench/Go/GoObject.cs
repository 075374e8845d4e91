namespace Fermata.Bench;

/// <summary>An object of JavaScript, as far as a program of Go looks at it. Arrays are lists, <c>Uint8Array</c> is an array of bytes, and numbers are doubles.</summary>
internal sealed class GoObject : Dictionary<string, object?>
{
    /// <summary>What a property is that is not there.</summary>
    public static readonly object Undefined = new();

    /// <summary>A property, or what is undefined.</summary>
    public object? Get(string name) => TryGetValue(name, out var value) ? value : Undefined;
}

/// <summary>A function of JavaScript.</summary>
internal delegate object? GoFunction(object?[] arguments);
