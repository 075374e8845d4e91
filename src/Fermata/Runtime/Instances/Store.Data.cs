using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Fermata;

public sealed partial class Store
{
    private readonly ConcurrentDictionary<Type, object> _data = [];

    /// <summary>What snapshots have of it.</summary>
    internal IEnumerable<ISnapshotData> SnapshotData => _data.Values.OfType<ISnapshotData>();

    /// <summary>Keeps a value of the host with the store, in place of the one of the same type that was there.</summary>
    /// <remarks>
    /// One value for each type, which is the type that is named here and not that of the object. Any thread may set and get values at any time, also when the store is
    /// disposed, which does not dispose them. A host function gets them by <see cref="Caller.Store"/>.
    /// </remarks>
    /// <param name="value">The value.</param>
    /// <typeparam name="T">The type by which <see cref="GetData"/> finds it.</typeparam>
    public void SetData<T>(T value)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(value);
        _data[typeof(T)] = value;
    }

    /// <summary>The value of a type that the host has set.</summary>
    /// <typeparam name="T">The type that <see cref="SetData"/> named.</typeparam>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public T GetData<T>()
        where T : notnull =>
        TryGetData<T>(out var value) ? value : throw new KeyNotFoundException($"The store has no data of type {typeof(T)}; give it some with SetData.");

    /// <summary>The value of a type that the host has set, if there is one.</summary>
    /// <param name="value">The value; the default of its type if there is none.</param>
    /// <typeparam name="T">The type that <see cref="SetData"/> named.</typeparam>
    public bool TryGetData<T>([MaybeNullWhen(false)] out T value)
        where T : notnull
    {
        var isThere = _data.TryGetValue(typeof(T), out var data);
        value = isThere ? (T)data! : default;
        return isThere;
    }
}
