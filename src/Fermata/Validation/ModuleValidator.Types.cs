using Fermata.Structure;

namespace Fermata.Validation;

internal sealed partial class ModuleValidator
{
    /// <summary>Section 3.5.1 "Types": each group sees the types before it and its own.</summary>
    private void ValidateTypes()
    {
        Require(_module.Types.Count, ImplementationLimits.Types, "types", 0);
        var aggregates = _module.Types.Count(type => type.Composite is not FuncType);
        Require(aggregates, ImplementationLimits.AggregateTypes, "structure and array types", 0);
        foreach (var group in _module.RecTypes)
        {
            _budget.Spend(group.Members.Length);
            for (var i = 0; i < group.Members.Length; i++)
                CheckMember(group, i);
            _definedTypes.AddRange(Define(group));
            for (var i = 0; i < group.Members.Length; i++)
                CheckSupertype(group, i);
        }

        _types = new ModuleTypes(_registry, [.. _definedTypes]);
    }

    /// <summary>Section 3.2.11 "Recursive Types": what must hold before the member can be resolved.</summary>
    private static void CheckMember(RecType group, int position)
    {
        var member = group.Members[position];
        CheckComposite(member.Composite, group.FirstIndex + group.Members.Length, group.Offset);
        var index = group.FirstIndex + position;
        if (member.Supertypes.Length > 1)
            throw new InvalidModuleException($"sub type {index} has more than one super type", group.Offset);
        if (member.Supertypes is [var supertype] && supertype >= index)
            throw new InvalidModuleException($"unknown type {supertype}: a super type stands before type {index}", group.Offset);
    }

    /// <summary>Section 3.2.11 "Recursive Types": a type is declared below one that is open and that it matches.</summary>
    private void CheckSupertype(RecType group, int position)
    {
        if (group.Members[position].Supertypes is not [var superIndex])
            return;
        var index = group.FirstIndex + position;
        var type = _definedTypes[index];
        var supertype = _definedTypes[superIndex];
        if (supertype.IsFinal)
            throw new InvalidModuleException($"sub type {index} has a final super type {superIndex}", group.Offset);
        if (!_registry.IsSubtype(type.Composite, supertype.Composite))
            throw new InvalidModuleException($"sub type {index} does not match super type {superIndex}", group.Offset);
    }

    /// <summary>A chain of supertypes is limited before it becomes a part of every type below.</summary>
    private DefinedType[] Define(RecType group)
    {
        var depths = new int[group.Members.Length];
        for (var i = 0; i < depths.Length; i++)
        {
            if (group.Members[i].Supertypes is not [var superIndex])
                continue;
            depths[i] = 1 + (superIndex < group.FirstIndex ? _definedTypes[superIndex].Depth : depths[superIndex - group.FirstIndex]);
            if (depths[i] > ImplementationLimits.SubtypingDepth)
                throw new InvalidModuleException($"sub type {group.FirstIndex + i} has too many super types above it", group.Offset);
        }

        return _registry.Define(group, _definedTypes);
    }

    private static void CheckComposite(CompositeType type, int typeCount, int offset)
    {
        switch (type)
        {
            case FuncType function:
                Require(function.ParameterArray.Length, ImplementationLimits.Parameters, "parameters", offset);
                Require(function.ResultArray.Length, ImplementationLimits.Results, "results", offset);
                foreach (var parameter in function.ParameterArray)
                    CheckValType(parameter, typeCount, offset);
                foreach (var result in function.ResultArray)
                    CheckValType(result, typeCount, offset);
                break;
            case StructType structure:
                Require(structure.Fields.Length, ImplementationLimits.StructFields, "fields", offset);
                foreach (var field in structure.Fields)
                    CheckValType(field.Type, typeCount, offset);
                break;
            case ArrayType array:
                CheckValType(array.Element.Type, typeCount, offset);
                break;
        }
    }

    private static void Require(int count, int limit, string what, int offset)
    {
        if (count > limit)
            throw new InvalidModuleException($"too many {what}: {count}, and the limit is {limit}", offset);
    }

    /// <summary>Section 3.2.6 "Value Types".</summary>
    private static void CheckValType(ValType type, int typeCount, int offset)
    {
        if (type.IsRef && type.Heap.IsDefined && type.Heap.Number >= typeCount)
            throw new InvalidModuleException($"unknown type {type.Heap.Number}", offset);
    }

    private ValType ResolveValType(ValType type, int offset)
    {
        CheckValType(type, _types.Types.Length, offset);
        return _types.Resolve(type);
    }

    /// <summary>The defined type at an index that must name a function type.</summary>
    private DefinedType ResolveFuncType(int typeIndex, int offset)
    {
        if (typeIndex >= _types.Types.Length)
            throw new InvalidModuleException($"unknown type {typeIndex}", offset);
        var type = _types.Types[typeIndex];
        return type.Func is not null ? type : throw new InvalidModuleException($"non-function type {typeIndex}", offset);
    }
}
