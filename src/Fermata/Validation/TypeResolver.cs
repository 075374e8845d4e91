using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>Replaces the heap types in composed types; where nothing changes, the same object comes out.</summary>
internal static class TypeResolver
{
    public static ValType Resolve(ValType type, Func<HeapType, HeapType> heap) =>
        type.IsRef && type.Heap.IsDefined ? ValType.Ref(type.IsNullable, heap(type.Heap)) : type;

    public static CompositeType Resolve(CompositeType type, Func<HeapType, HeapType> heap) => type switch
    {
        FuncType function => Resolve(function, heap),
        StructType structure => new StructType(Array.ConvertAll(structure.Fields, field => Resolve(field, heap))),
        ArrayType array => new ArrayType(Resolve(array.Element, heap)),
        _ => throw new ArgumentException($"{type.GetType()} is not a composite type", nameof(type)),
    };

    private static FuncType Resolve(FuncType type, Func<HeapType, HeapType> heap)
    {
        var parameters = Resolve(type.ParameterArray, heap);
        var results = Resolve(type.ResultArray, heap);
        return parameters == type.ParameterArray && results == type.ResultArray ? type : new FuncType(parameters, results);
    }

    private static ValType[] Resolve(ValType[] types, Func<HeapType, HeapType> heap) =>
        Array.Exists(types, type => type.IsRef && type.Heap.IsDefined) ? Array.ConvertAll(types, type => Resolve(type, heap)) : types;

    private static FieldType Resolve(FieldType field, Func<HeapType, HeapType> heap) => field with { Type = Resolve(field.Type, heap) };
}
