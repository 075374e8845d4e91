using Fermata.Structure;

namespace Fermata.Validation;

/// <content>Section 3.3 "Matching". All types are resolved.</content>
internal sealed partial class TypeRegistry
{
    /// <summary>The first code of the abstract heap types, as <see cref="HeapType.Number"/> gives it.</summary>
    private const int FirstCode = -0x0C;

    /// <summary>For each abstract heap type, the direct supertypes and itself; closed over below.</summary>
    private static readonly (HeapType Type, HeapType[] Above)[] Lattice =
    [
        (HeapType.Any, []),
        (HeapType.Eq, [HeapType.Any]),
        (HeapType.I31, [HeapType.Eq]),
        (HeapType.Struct, [HeapType.Eq]),
        (HeapType.Array, [HeapType.Eq]),
        (HeapType.None, [HeapType.I31, HeapType.Struct, HeapType.Array]),
        (HeapType.Func, []),
        (HeapType.NoFunc, [HeapType.Func]),
        (HeapType.Extern, []),
        (HeapType.NoExtern, [HeapType.Extern]),
        (HeapType.Exn, []),
        (HeapType.NoExn, [HeapType.Exn]),
    ];

    /// <summary>By abstract heap type, the set of it and all those above, a bit each.</summary>
    private static readonly int[] Above = CloseLattice();

    /// <summary>Section 3.3.3 "Heap Types".</summary>
    public bool IsSubtype(HeapType sub, HeapType super)
    {
        if (sub == super || sub == HeapType.Bottom)
            return true;
        if (super == HeapType.Bottom)
            return false;
        if (sub.IsDefined)
            return super.IsDefined ? Get(sub.Number).IsSubtypeOf(Get(super.Number)) : IsAbove(Get(sub.Number).Abstract, super);
        if (super.IsDefined)
            return sub == (Get(super.Number).Abstract == HeapType.Func ? HeapType.NoFunc : HeapType.None);
        return IsAbove(sub, super);
    }

    /// <summary>Sections 3.3.4 "Reference Types" and 3.3.5 "Value Types".</summary>
    public bool IsSubtype(ValType sub, ValType super)
    {
        if (sub == super || sub.Kind == ValKind.Bottom)
            return true;
        return sub.IsRef && super.IsRef && (!sub.IsNullable || super.IsNullable) && IsSubtype(sub.Heap, super.Heap);
    }

    /// <summary>Section 3.3.6 "Result Types": item by item.</summary>
    public bool IsSubtype(ReadOnlySpan<ValType> sub, ReadOnlySpan<ValType> super)
    {
        if (sub.Length != super.Length)
            return false;
        if (ValType.AreSame(sub, super))
            return true;
        for (var i = 0; i < sub.Length; i++)
        {
            if (!IsSubtype(sub[i], super[i]))
                return false;
        }

        return true;
    }

    /// <summary>Section 3.3.8 "Composite Types": whether one composite type may be declared below another.</summary>
    public bool IsSubtype(CompositeType sub, CompositeType super) => (sub, super) switch
    {
        (FuncType a, FuncType b) => IsSubtype(b.ParameterArray, a.ParameterArray) && IsSubtype(a.ResultArray, b.ResultArray),
        (StructType a, StructType b) => IsSubtype(a.Fields, b.Fields),
        (ArrayType a, ArrayType b) => IsSubtype(a.Element, b.Element),
        _ => false,
    };

    /// <summary>Section 3.3.10 "Defined Types".</summary>
    public static bool IsSubtype(DefinedType sub, DefinedType super) => sub.IsSubtypeOf(super);

    /// <summary>The top of the hierarchy that a heap type belongs to.</summary>
    public HeapType Top(HeapType type)
    {
        var isAbstract = !type.IsDefined;
        if (IsAbove(isAbstract ? type : Get(type.Number).Abstract, HeapType.Func))
            return HeapType.Func;
        if (isAbstract && IsAbove(type, HeapType.Extern))
            return HeapType.Extern;
        return isAbstract && IsAbove(type, HeapType.Exn) ? HeapType.Exn : HeapType.Any;
    }

    /// <summary>A structure may have more fields than its supertype.</summary>
    private bool IsSubtype(FieldType[] sub, FieldType[] super)
    {
        if (sub.Length < super.Length)
            return false;
        for (var i = 0; i < super.Length; i++)
        {
            if (!IsSubtype(sub[i], super[i]))
                return false;
        }

        return true;
    }

    /// <summary>Section 3.3.9 "Field Types": what can be written must be the same type, what can only be read a subtype.</summary>
    private bool IsSubtype(FieldType sub, FieldType super)
    {
        if (sub == super)
            return true;
        return !sub.IsMutable && !super.IsMutable && sub.Packing == super.Packing && IsSubtype(sub.Type, super.Type);
    }

    private static bool IsAbove(HeapType sub, HeapType super) =>
        (Above[FirstCode - sub.Number] & (1 << (FirstCode - super.Number))) != 0;

    private static int[] CloseLattice()
    {
        // A row stands after those of its supertypes.
        var above = new int[Lattice.Length];
        foreach (var (type, supertypes) in Lattice)
        {
            var index = FirstCode - type.Number;
            above[index] = 1 << index;
            foreach (var supertype in supertypes)
                above[index] |= above[FirstCode - supertype.Number];
        }

        return above;
    }
}
