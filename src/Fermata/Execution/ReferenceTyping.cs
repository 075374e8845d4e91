using Fermata.Structure;
using Fermata.Validation;

namespace Fermata.Execution;

/// <summary>Which references have which types, for values that come from the host.</summary>
/// <remarks>Section 4.2.1 "Values" and 3.3.3 "Heap Types" (matching), on run-time values; types are resolved.</remarks>
internal static class ReferenceTyping
{
    /// <summary>Whether a value may stand where the reference type is asked for.</summary>
    public static bool Matches(object? value, ValType type)
    {
        if (value is null)
            return type.IsNullable;

        var heap = type.Heap;
        if (heap == HeapType.Extern)
            return true;
        if (value is not ITypedReference { DefinedType: var actual })
            return heap == HeapType.Any;
        if (heap.IsDefined)
            return IsSubtype(actual, heap.Number);
        return actual.Composite switch
        {
            FuncType => heap == HeapType.Func,
            StructType => heap == HeapType.Struct || heap == HeapType.Eq || heap == HeapType.Any,
            ArrayType => heap == HeapType.Array || heap == HeapType.Eq || heap == HeapType.Any,
            _ => false,
        };
    }

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
