using System.Collections;
using Fermata.Python.Interop;

namespace Fermata.Python.Functions;

/// <summary>Lists and dictionaries of .NET as lists and dictionaries of Python (<c>to_py</c>).</summary>
internal static class DeepConversion
{
    /// <summary>Converts a value with what it contains.</summary>
    /// <param name="python">The interpreter.</param>
    /// <param name="value">The value.</param>
    /// <param name="depth">How deep it goes; -1 to the ground.</param>
    /// <returns>A new reference.</returns>
    public static int ToPython(Interpreter python, object? value, int depth)
    {
        if (depth == 0)
            return python.ToPython(value);
        switch (value)
        {
            case IDictionary dictionary:
                var result = python.Require(python.C.NewDictionary());
                foreach (DictionaryEntry entry in dictionary)
                {
                    var (key, item) = (python.ToPython(entry.Key), ToPython(python, entry.Value, depth - 1));
                    python.RequireSuccess(python.C.SetItem(result, key, item));
                    python.C.Release(key);
                    python.C.Release(item);
                }

                return result;
            case IList list when !Views.BufferView.Takes(list):
                var items = python.Require(python.C.NewList(list.Count));
                for (var index = 0; index < list.Count; index++)
                    python.RequireSuccess(python.C.SetListItem(items, index, ToPython(python, list[index], depth - 1)));
                return items;
            default:
                return python.ToPython(value);
        }
    }
}
