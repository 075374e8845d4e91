using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>Which references have which types, for values that come from the host.</summary>
/// <remarks>Sections 4.5.1 "Value Typing" and 3.3.3 "Heap Types", on run-time values; types are resolved.</remarks>
internal static class ReferenceTyping
{
    /// <summary>Whether a value may stand where the reference type is asked for.</summary>
    public static bool Matches(object? value, ValType type)
    {
        if (value is null)
            return type.IsNullable;

        var heap = type.Heap;
        if (TakesEveryObject(heap))
            return true;
        if (value is I31)
            return heap == HeapType.I31 || heap == HeapType.Eq;
        if (DefinedTypeOf(value) is not { } actual)
            return false;
        if (heap.IsDefined)
            return IsSubtype(actual, heap.Number);
        return heap == actual.Abstract || (heap == HeapType.Eq && actual.Func is null);
    }

    /// <summary>Whether a value may stand in a store where the reference type is asked for.</summary>
    /// <remarks>Functions belong to a store, structures and arrays to the types of an engine; elsewhere they are objects like any other.</remarks>
    public static bool Matches(object? value, ValType type, Store store)
    {
        if (!Matches(value, type))
            return false;
        return value is null || TakesEveryObject(type.Heap) || (value is Function function
            ? function.Store == store
            : AggregateClass.Find(value) is not { } aggregate || aggregate.Registry == store.Engine.Types);
    }

    /// <summary>Whether a value may stand in a store where the type is asked for.</summary>
    public static bool Matches(Value value, ValType type, Store store) => type.IsRef
        ? value.Type.IsRef && SharesHierarchy(value.Type.Heap, type.Heap) && Matches(value.Reference, type, store)
        : value.Type == type;

    /// <summary>Whether every object may stand where the type is asked for: as a host's object, if it is nothing else there.</summary>
    public static bool TakesEveryObject(HeapType type) => type == HeapType.Extern || type == HeapType.Any;

    private static DefinedType? DefinedTypeOf(object value) =>
        value is ITypedReference reference ? reference.DefinedType : AggregateClass.Find(value)?.Definition;

    /// <summary>Whether a value of one static type may be null where the other type is asked for.</summary>
    /// <remarks>A null belongs to a hierarchy of types; which one a defined type belongs to is not known here, so that it passes.</remarks>
    public static bool SharesHierarchy(HeapType left, HeapType right) =>
        left.IsDefined || right.IsDefined || Top(left) == Top(right);

    private static bool IsSubtype(DefinedType? type, int id)
    {
        for (; type is not null; type = type.Supertype)
        {
            if (type.Id == id)
                return true;
        }
        return false;
    }

    private static HeapType Top(HeapType heap)
    {
        if (heap == HeapType.NoFunc)
            return HeapType.Func;
        if (heap == HeapType.NoExtern)
            return HeapType.Extern;
        if (heap == HeapType.NoExn)
            return HeapType.Exn;
        return heap == HeapType.Func || heap == HeapType.Extern || heap == HeapType.Exn ? heap : HeapType.Any;
    }
}
