using System.Collections;
using Fermata.Emscripten;
using Fermata.Python.Interop;
using Fermata.Python.Views;

namespace Fermata.Python.Functions;

/// <summary>Lists, dictionaries and sets: those that Python's values are put in, and those of the host, of which Python sees proxies.</summary>
internal static class ArrayFunctions
{
    public static void Define(EmscriptenHost host, Interpreter python) => host
        .Define("JsvArray_New", object () => new PassedList())
        .Define("JsvArray_Check", (object? value) => ValueFunctions.IsTrue(value is IList))
        .Define("JsvArray_Push", (object? list, object? item) => Add(python, (IList)list!, item))
        .Define("JsvArray_Get", object? (object? list, int index) => list is IList items && index >= 0 && index < items.Count ? Interpreter.Outgoing(items[index]) : Marker.Error)
        .Define("JsvArray_Set", (object? list, int index, object? item) => python.Try(() => Set(python, (IList)list!, index, item)))
        .Define("JsvArray_Delete", object? (object? list, int index) => list is IList items && index >= 0 && index < items.Count ? python.Try(() => ListView.RemoveAt(items, index)) : Marker.Error)
        .Define("JsvArray_Insert", (object? list, int index, object? item) => python.Try(() => Insert(python, (IList)list!, index, item)))
        .Define("JsvArray_Extend", (object? list, object? items) => { Extend(python, (IList)list!, python.Views.Of(items!).IteratorOf(items!)); })
        .Define("JsvArray_ShallowCopy", object? (object? list) => python.Try(() => Repeat(python, (IList)list!, 1)))
        .Define("JsvArray_slice", object? (object? list, int length, int start, int _, int step) =>
            python.Try(() => Slice(python, (IList)list!, length, start, step)))
        .Define("JsvArray_slice_assign", (object? list, int length, int start, int _, int step, int count, int values) =>
            python.Try(() => AssignSlice(python, (IList)list!, length, start, step, Enumerable.Range(0, count).Select(index => python.Memory.Read<int>(values + (index * sizeof(int)))))))
        .Define("JsArray_repeat_js", object? (object? list, int count) => python.Try(() => Repeat(python, (IList)list!, count)))
        .Define("JsArray_inplace_repeat_js", (object? list, int count) => python.Try(() => Replace((IList)list!, Repeat(python, (IList)list!, count))))
        .Define("JsArray_index_js", (object? list, object? item, int start, int stop) => python.Try(() => IndexOf((IList)list!, item, start, stop)))
        .Define("JsArray_count_js", (object? list, object? item) => python.Try(() => ((IList)list!).Cast<object?>().Count(each => HostEquality.AreEqual(each, item))))
        .Define("JsArray_reverse_js", (object? list) => python.Try(() => Replace((IList)list!, [.. ((IList)list!).Cast<object?>().Reverse()])))
        .Define("JsArray_reversed_iterator", object? (object? list) => ((IList)list!).Cast<object?>().Reverse().GetEnumerator())
        .Define("array_to_js", object (int array, int length) => Enumerable.Range(0, length).Select(index => (object?)(long)python.Memory.Read<int>(array + (index * sizeof(int)))).ToList())
        .Define("JsvMap_New", object () => new Dictionary<object, object?>(HostEquality.Instance))
        .Define("JsvLiteralMap_New", object () => new Dictionary<object, object?>(HostEquality.Instance))
        .Define("JsvMap_Set", (object? map, object? key, object? value) => python.Try(() => SetEntry(python, (Dictionary<object, object?>)map!, key!, value)))
        .Define("JsMap_clear_js", (object? map) => python.Try(() => map is IDictionary dictionary ? Clear(dictionary) : 0))
        .Define("JsvSet_New", object () => new HashSet<object>(HostEquality.Instance))
        .Define("JsvSet_Add", (object? set, object? item) => python.Try(() => AddToSet(python, (HashSet<object>)set!, item!)))
        .Define("JsvObject_New", object () => new HostNamespace())
        .Define("JsvObject_SetAttr", (object? names, object? name, object? value) => python.Try(() => SetEntry(python, (HostNamespace)names!, (string)name!, value)))
        .Define("_JsObject_Set_js", (object? names, object? name, object? value) => python.Try(() => TryAddEntry(python, (HostNamespace)names!, (string)name!, value) ? 0 : -2))
        .Define("JsvObject_Keys", object? (object? value) => python.Try(() => python.Views.Of(value!).NamesOf(value!).ToList<object?>()))
        .Define("_JsArray_PushEntry_helper", (object? list, object? key, object? value) => Add(python, (IList)list!, new List<object?> { key, value }))

        // What is converted is found again where it contains itself.
        .Define("_python2js_cache_lookup", object? (object? cache, int pointer) => ((Dictionary<object, object?>)cache!).GetValueOrDefault((long)pointer, Marker.Error))
        .Define("_python2js_add_to_cache", (object? cache, int pointer, object? value) => SetEntry(python, (Dictionary<object, object?>)cache!, (long)pointer, value))
        .Define("_python2js_addto_postprocess_list", (object? list, object? parent, object? key, int pointer) => { ((IList)list!).Add(new UnfinishedItem(parent!, key!, pointer)); })
        .Define("_python2js_handle_postprocess_list", (object? list, object? cache) =>
        {
            foreach (var item in ((IList)list!).Cast<UnfinishedItem>())
                item.Finish((Dictionary<object, object?>)cache!);
        });

    private static int Add(Interpreter python, IList list, object? item)
    {
        python.HostMemory?.Charge(list, item);
        list.Add(Item(list, item));
        return list.Count;
    }

    private static int Set(Interpreter python, IList list, int index, object? item)
    {
        python.HostMemory?.ChargeReplaced(list, item, list[index]);
        list[index] = Item(list, item);
        return 0;
    }

    private static int Insert(Interpreter python, IList list, int index, object? item)
    {
        python.HostMemory?.Charge(list, item);
        list.Insert(Math.Min(index, list.Count), Item(list, item));
        return 0;
    }

    private static void Extend(Interpreter python, IList list, IEnumerator items)
    {
        while (items.MoveNext())
            Add(python, list, items.Current);
    }

    private static List<object?> Slice(Interpreter python, IList list, int length, int start, int step)
    {
        var slice = new List<object?>();
        python.HostMemory?.ChargeItems(slice, length);
        slice.AddRange(Enumerable.Range(0, length).Select(index => list[start + (index * step)]));
        return slice;
    }

    /// <summary>A value, in the type of the list's items.</summary>
    private static object? Item(IList list, object? value) => list is PassedList
        ? value
        : HostConversion.To(HostConversion.Keep(value), list.GetType() is { IsGenericType: true, GenericTypeArguments: [var type] } ? type : list.GetType().GetElementType() ?? typeof(object));

    private static int AssignSlice(Interpreter python, IList list, int length, int start, int step, IEnumerable<int> pointers)
    {
        python.HostMemory?.ChargeItems(list, length);
        object?[] values = [.. pointers.Select(pointer => python.C.ToHost(pointer))];
        if (step == 1)
        {
            for (var removed = 0; removed < length; removed++)
                list.RemoveAt(start);
            foreach (var (index, value) in values.Index())
                list.Insert(start + index, Item(list, value));
        }
        else if (values.Length > 0)
        {
            foreach (var (index, value) in values.Index())
                list[start + (index * step)] = Item(list, value);
        }
        else
        {
            foreach (var index in Enumerable.Range(0, length).Select(index => start + (index * step)).OrderDescending())
                list.RemoveAt(index);
        }

        return 0;
    }

    private static List<object?> Repeat(Interpreter python, IList list, int count)
    {
        var result = new List<object?>();
        python.HostMemory?.ChargeItems(result, Math.Max(count, 0) * (long)list.Count);
        result.AddRange(Enumerable.Repeat(list.Cast<object?>(), Math.Max(count, 0)).SelectMany(items => items));
        return result;
    }

    private static int Replace(IList list, List<object?> items)
    {
        list.Clear();
        foreach (var item in items)
            list.Add(item);
        return 0;
    }

    private static int IndexOf(IList list, object? item, int start, int stop)
    {
        for (var index = start; index < stop; index++)
        {
            if (HostEquality.AreEqual(list[index], item))
                return index;
        }

        return -2;
    }

    private static bool TryAddEntry(Interpreter python, HostNamespace names, string name, object? value)
    {
        python.HostMemory?.Charge(names, value);
        return names.TryAdd(name, value);
    }

    private static int SetEntry<TKey>(Interpreter python, Dictionary<TKey, object?> map, TKey key, object? value)
        where TKey : notnull
    {
        python.HostMemory?.Charge(map, key);
        python.HostMemory?.Charge(map, value);
        map[key] = value;
        return 0;
    }

    private static int Clear(IDictionary dictionary)
    {
        dictionary.Clear();
        return 1;
    }

    private static int AddToSet(Interpreter python, HashSet<object> set, object item)
    {
        python.HostMemory?.Charge(set, item);
        set.Add(item);
        return 0;
    }

    /// <summary>A list that Python makes to pass what is in it.</summary>
    private sealed class PassedList : List<object?>;

    /// <summary>An item that contains what contains it, and is put in its place when all is converted.</summary>
    private sealed record UnfinishedItem(object Parent, object Key, int Pointer)
    {
        public void Finish(Dictionary<object, object?> cache)
        {
            var value = cache[(long)Pointer];
            if (Parent is IList list)
                list[Convert.ToInt32(Key, null)] = value;
            else
                ((IDictionary)Parent)[Key] = value;
        }
    }
}
