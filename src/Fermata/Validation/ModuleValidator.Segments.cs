using Fermata.Binary;

namespace Fermata.Validation;

internal sealed partial class ModuleValidator
{
    /// <summary>Sections 3.5.8 "Data Segments" and 3.5.9 "Element Segments".</summary>
    private void ValidateSegments()
    {
        // Expressions in segments may refer to segments in no way, so the types of all can stand first.
        _types.ElementTypes = new ValType[_module.Elements.Count];
        for (var i = 0; i < _module.Elements.Count; i++)
            _types.ElementTypes[i] = ResolveValType(_module.Elements[i].Type, _module.Elements[i].Offset);
        foreach (var segment in _module.Data)
            ValidateData(segment);
        for (var i = 0; i < _module.Elements.Count; i++)
            ValidateElements(_module.Elements[i], _types.ElementTypes[i]);
    }

    private void ValidateData(DataSegment segment)
    {
        if (segment.Start is not { } start)
            return;
        if (segment.MemoryIndex >= _types.MemoryTypes.Length)
            throw new InvalidModuleException($"unknown memory {segment.MemoryIndex}", segment.Offset);
        _code.ValidateConstant(start, _types.MemoryTypes[segment.MemoryIndex].AddressType, _types.GlobalTypes.Length);
    }

    private void ValidateElements(ElementSegment segment, ValType type)
    {
        foreach (var function in segment.Functions ?? [])
        {
            _budget.Spend();
            if (function >= _types.FunctionTypes.Length)
                throw new InvalidModuleException($"unknown function {function}", segment.Offset);
            _declared[function] = true;
        }

        foreach (var expression in segment.Expressions ?? [])
            _code.ValidateConstant(expression, type, _types.GlobalTypes.Length);

        if (segment.Start is not { } start)
            return;
        if (segment.TableIndex >= _types.TableTypes.Length)
            throw new InvalidModuleException($"unknown table {segment.TableIndex}", segment.Offset);
        var table = _types.TableTypes[segment.TableIndex];
        if (!_registry.IsSubtype(type, table.Element))
        {
            var tableType = _module.Tables[segment.TableIndex].Type;
            throw new InvalidModuleException(
                $"type mismatch: elements of type {segment.Type} in a table of {tableType.Element}", segment.Offset);
        }

        _code.ValidateConstant(start, table.AddressType, _types.GlobalTypes.Length);
    }
}
