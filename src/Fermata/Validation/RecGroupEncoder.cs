using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>Writes a recursive group as the numbers of its <see cref="RecGroupKey"/>.</summary>
/// <param name="firstIndex">The type index of the group's first member; those below are other types.</param>
/// <param name="outside">The type at an index below that.</param>
internal readonly struct RecGroupEncoder(int firstIndex, Func<int, DefinedType> outside)
{
    private readonly List<int> _tokens = [];
    private readonly List<DefinedType> _outside = [];

    public RecGroupKey Encode(ReadOnlySpan<SubType> members)
    {
        foreach (var member in members)
        {
            _tokens.Add(member.IsFinal ? 1 : 0);
            _tokens.Add(member.Supertypes.Length);
            foreach (var supertype in member.Supertypes)
                Add(HeapType.Defined(supertype));
            Add(member.Composite);
        }

        return new RecGroupKey([.. _tokens], [.. _outside]);
    }

    private void Add(CompositeType composite)
    {
        switch (composite)
        {
            case FuncType function:
                _tokens.Add(0);
                Add(function.ParameterArray);
                Add(function.ResultArray);
                break;
            case StructType structure:
                _tokens.Add(1);
                _tokens.Add(structure.Fields.Length);
                foreach (var field in structure.Fields)
                    Add(field);
                break;
            case ArrayType array:
                _tokens.Add(2);
                Add(array.Element);
                break;
        }
    }

    private void Add(ValType[] types)
    {
        _tokens.Add(types.Length);
        foreach (var type in types)
            Add(type);
    }

    private void Add(FieldType field)
    {
        _tokens.Add(((int)field.Packing << 1) | (field.IsMutable ? 1 : 0));
        Add(field.Type);
    }

    private void Add(ValType type)
    {
        _tokens.Add(((int)type.Kind << 1) | (type.IsNullable ? 1 : 0));
        if (type.IsRef)
            Add(type.Heap);
    }

    /// <summary>Abstract types are negative, members of the group even; other defined types are odd, numbered as they occur.</summary>
    private void Add(HeapType type)
    {
        if (!type.IsDefined)
            _tokens.Add(type.Number);
        else if (type.Number >= firstIndex)
            _tokens.Add((type.Number - firstIndex) * 2);
        else
        {
            _tokens.Add((_outside.Count * 2) + 1);
            _outside.Add(outside(type.Number));
        }
    }
}
