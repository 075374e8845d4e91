using System.Collections;

namespace Fermata.Python.Views;

/// <summary>How Python sees a kind of objects of .NET. What a view does not say is not there: Python reaches nothing else of an object.</summary>
internal abstract class HostView
{
    /// <summary>What Python can do with an object.</summary>
    public abstract HostTraits TraitsOf(object value);

    /// <summary>What Python calls its type.</summary>
    public virtual string TypeNameOf(object value) => value.GetType().Name;

    /// <summary>Its text, for <c>str</c> and <c>repr</c>.</summary>
    public virtual string TextOf(object value) => $"[{TypeNameOf(value)}]";

    /// <summary>The names of its attributes.</summary>
    public virtual IEnumerable<string> NamesOf(object value) => [];

    /// <summary>Reads an attribute.</summary>
    /// <returns>Whether there is one.</returns>
    public virtual bool TryGet(object value, string name, out object? result)
    {
        result = null;
        return false;
    }

    /// <summary>Writes an attribute.</summary>
    /// <returns>Whether it can be written.</returns>
    public virtual bool TrySet(object value, string name, object? attribute) => false;

    /// <summary>Removes an attribute.</summary>
    /// <returns>Whether it can be removed.</returns>
    public virtual bool TryDelete(object value, string name) => false;

    /// <summary>Calls it.</summary>
    /// <param name="value">The object.</param>
    /// <param name="arguments">Arguments by position, and behind them a <see cref="HostNamespace"/> if there are some by name.</param>
    public virtual object? Call(object value, IReadOnlyList<object?> arguments) => throw new NotSupportedException($"{TypeNameOf(value)} cannot be called.");

    /// <summary>How many items it has.</summary>
    public virtual int LengthOf(object value) => throw new NotSupportedException($"{TypeNameOf(value)} has no length.");

    /// <summary>Its items, or the keys of a dictionary.</summary>
    public virtual IEnumerator IteratorOf(object value) => throw new NotSupportedException($"{TypeNameOf(value)} cannot be iterated.");
}
