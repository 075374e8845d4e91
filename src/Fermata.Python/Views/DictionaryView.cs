using System.Collections;
using Fermata.Python.Interop;

namespace Fermata.Python.Views;

/// <summary>Dictionaries.</summary>
/// <param name="interpreter">Counts what is put in.</param>
internal sealed class DictionaryView(Interpreter interpreter) : HostView
{
    public override HostTraits TraitsOf(object value) =>
        HostTraits.Iterable | HostTraits.HasLength | HostTraits.HasGet | HostTraits.HasHas | (((IDictionary)value).IsReadOnly ? HostTraits.None : HostTraits.HasSet);

    public override string TypeNameOf(object value) => "dict";

    public override string TextOf(object value) => $"<dict of {LengthOf(value)} items of the host>";

    public override int LengthOf(object value) => ((IDictionary)value).Count;

    public override IEnumerator IteratorOf(object value) => ((IDictionary)value).Keys.GetEnumerator();

    public override bool TryGet(object value, string name, out object? result)
    {
        var dictionary = (IDictionary)value;
        result = name switch
        {
            "size" => dictionary.Count,
            "get" => (HostMethod)(arguments => dictionary[KeyOf(dictionary, arguments[0])]),
            "has" => (HostMethod)(arguments => dictionary.Contains(KeyOf(dictionary, arguments[0]))),
            "set" => (HostMethod)(arguments => Set(dictionary, arguments[0], arguments[1])),
            "delete" => (HostMethod)(arguments => Remove(dictionary, KeyOf(dictionary, arguments[0]))),
            "clear" => (HostMethod)(_ => Clear(dictionary)),
            "keys" => (HostMethod)(_ => dictionary.Keys.GetEnumerator()),
            "values" => (HostMethod)(_ => dictionary.Values.GetEnumerator()),
            "entries" => (HostMethod)(_ => Entries(dictionary).GetEnumerator()),
            _ => null,
        };
        return result is not null;
    }

    /// <summary>A key, in the type of the dictionary's.</summary>
    private static object KeyOf(IDictionary dictionary, object? key) => HostConversion.To(key, TypesOf(dictionary).Key) ?? throw new ArgumentException("None is no key of a dictionary of the host.");

    private static (Type Key, Type Value) TypesOf(IDictionary dictionary) =>
        dictionary.GetType().GetInterfaces().FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>)) is { } type
            ? (type.GenericTypeArguments[0], type.GenericTypeArguments[1])
            : (typeof(object), typeof(object));

    private IDictionary Set(IDictionary dictionary, object? key, object? value)
    {
        var (name, item) = (KeyOf(dictionary, key), HostConversion.To(HostConversion.Keep(value), TypesOf(dictionary).Value));
        if (interpreter.HostMemory is { } memory)
        {
            if (dictionary.Contains(name))
            {
                memory.ChargeReplaced(dictionary, item, dictionary[name]);
            }
            else
            {
                memory.Charge(dictionary, name);
                memory.Charge(dictionary, item);
            }
        }

        dictionary[name] = item;
        return dictionary;
    }

    private static bool Remove(IDictionary dictionary, object key)
    {
        var isThere = dictionary.Contains(key);
        dictionary.Remove(key);
        return isThere;
    }

    private static object? Clear(IDictionary dictionary)
    {
        dictionary.Clear();
        return null;
    }

    private static IEnumerable<object?> Entries(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
            yield return new List<object?> { entry.Key, entry.Value };
    }
}
