using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Validation;

/// <content>Structures and arrays (section 3.4.7 "Aggregate Reference Instructions").</content>
internal sealed partial class CodeValidator
{
    private readonly Dictionary<StructType, bool> _defaultableStructs = [];

    /// <summary>A reference to the instruction's first type.</summary>
    private ValType TypeReference(bool isNullable) => ValType.Ref(isNullable, HeapType.Defined(types.Types[_instruction.Index].Id));

    private StructType StructAt(int typeIndex) => CompositeAt(typeIndex) as StructType ?? throw Invalid($"non-structure type {NamedType(typeIndex)}");

    private FieldType ArrayElementAt(int typeIndex) =>
        CompositeAt(typeIndex) is ArrayType array ? array.Element : throw Invalid($"non-array type {NamedType(typeIndex)}");

    private void CheckStructNew()
    {
        var fields = StructAt(_instruction.Index).Fields;
        for (var i = fields.Length - 1; i >= 0 && !FitsAnything; i--)
            Pop(fields[i].Unpacked);
        Push(TypeReference(false));
    }

    private void CheckStructNewDefault()
    {
        if (!IsDefaultable(StructAt(_instruction.Index)))
            throw Invalid($"field type is not defaultable: type {NamedType(_instruction.Index)}");
        Push(TypeReference(false));
    }

    /// <summary>Looks at the fields of a type once, however often it is made.</summary>
    private bool IsDefaultable(StructType structure)
    {
        if (!_defaultableStructs.TryGetValue(structure, out var isDefaultable))
        {
            isDefaultable = Array.TrueForAll(structure.Fields, field => field.Unpacked.IsDefaultable);
            _defaultableStructs.Add(structure, isDefaultable);
        }

        return isDefaultable;
    }

    private FieldType FieldAt(StructType structure)
    {
        var index = _instruction.Index2;
        return index < structure.Fields.Length ? structure.Fields[index] : throw Invalid($"unknown field {index}");
    }

    /// <summary>A packed field is read with an extension, another one without.</summary>
    private void CheckStructGet(bool isPacked)
    {
        var field = FieldAt(StructAt(_instruction.Index));
        RequirePacking(field, isPacked, "field");
        Pop(TypeReference(true));
        Push(field.Unpacked);
    }

    private void CheckStructSet()
    {
        var field = FieldAt(StructAt(_instruction.Index));
        if (!field.IsMutable)
            throw Invalid($"immutable field {module.Names.Describe(NameSubsection.Field, _instruction.Index, _instruction.Index2)}");
        Pop([TypeReference(true), field.Unpacked]);
    }

    private void RequirePacking(FieldType field, bool isPacked, string what)
    {
        if (field.Packing != Packing.None != isPacked)
            throw Invalid(isPacked ? $"{what} is unpacked" : $"{what} is packed");
    }

    private void CheckArrayNew()
    {
        Pop([ArrayElementAt(_instruction.Index).Unpacked, ValType.I32]);
        Push(TypeReference(false));
    }

    private void CheckArrayNewDefault()
    {
        if (!ArrayElementAt(_instruction.Index).Unpacked.IsDefaultable)
            throw Invalid($"array type is not defaultable: type {NamedType(_instruction.Index)}");
        Pop(ValType.I32);
        Push(TypeReference(false));
    }

    private void CheckArrayNewFixed()
    {
        var element = ArrayElementAt(_instruction.Index).Unpacked;
        if (_instruction.Index2 > ImplementationLimits.ArrayNewFixedOperands)
            throw Invalid($"too many operands: {_instruction.Index2}, and the limit is {ImplementationLimits.ArrayNewFixedOperands}");
        for (var i = 0; i < _instruction.Index2 && !FitsAnything; i++)
            Pop(element);
        Push(TypeReference(false));
    }

    private void CheckArrayNewData()
    {
        RequireNumeric(ArrayElementAt(_instruction.Index));
        CheckDataSegment(_instruction.Index2);
        Pop([ValType.I32, ValType.I32]);
        Push(TypeReference(false));
    }

    private void CheckArrayNewElem()
    {
        RequireElements(ElementTypeAt(_instruction.Index2), ArrayElementAt(_instruction.Index).Unpacked);
        Pop([ValType.I32, ValType.I32]);
        Push(TypeReference(false));
    }

    private void CheckArrayGet(bool isPacked)
    {
        var element = ArrayElementAt(_instruction.Index);
        RequirePacking(element, isPacked, "array");
        Pop([TypeReference(true), ValType.I32]);
        Push(element.Unpacked);
    }

    private FieldType MutableElement()
    {
        var element = ArrayElementAt(_instruction.Index);
        return element.IsMutable ? element : throw Invalid($"immutable array type {NamedType(_instruction.Index)}");
    }

    private void CheckArraySet()
    {
        var element = MutableElement();
        Pop([TypeReference(true), ValType.I32, element.Unpacked]);
    }

    private void CheckArrayLen()
    {
        Pop(ValType.Ref(true, HeapType.Array));
        Push(ValType.I32);
    }

    private void CheckArrayFill()
    {
        var element = MutableElement();
        Pop([TypeReference(true), ValType.I32, element.Unpacked, ValType.I32]);
    }

    private void CheckArrayCopy()
    {
        var destination = MutableElement();
        var source = ArrayElementAt(_instruction.Index2);
        if (destination.Packing != source.Packing || !_registry.IsSubtype(source.Type, destination.Type))
            throw Invalid($"array types do not match: {NamedType(_instruction.Index2)} and {NamedType(_instruction.Index)}");
        var sourceReference = ValType.Ref(true, HeapType.Defined(types.Types[_instruction.Index2].Id));
        Pop([TypeReference(true), ValType.I32, sourceReference, ValType.I32, ValType.I32]);
    }

    private void CheckArrayInitData()
    {
        RequireNumeric(MutableElement());
        CheckDataSegment(_instruction.Index2);
        Pop([TypeReference(true), ValType.I32, ValType.I32, ValType.I32]);
    }

    private void CheckArrayInitElem()
    {
        var element = MutableElement();
        RequireElements(ElementTypeAt(_instruction.Index2), element.Unpacked);
        Pop([TypeReference(true), ValType.I32, ValType.I32, ValType.I32]);
    }

    private void RequireNumeric(FieldType element)
    {
        if (element.Unpacked.IsRef)
            throw Invalid($"array type is not numeric or vector: type {NamedType(_instruction.Index)}");
    }
}
