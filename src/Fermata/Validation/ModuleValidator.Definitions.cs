using Fermata.Binary;

namespace Fermata.Validation;

internal sealed partial class ModuleValidator
{
    /// <summary>Sections 3.5.2 "Tags" to 3.5.6 "Functions", imports included.</summary>
    private void ValidateDefinitions()
    {
        Require(_module.Functions.Count, ImplementationLimits.Functions, "functions", 0);
        _types.FunctionTypes = [.. _module.Functions.Select(function => ResolveFuncType(function.TypeIndex, function.Offset))];
        _types.TagTypes = [.. _module.Tags.Select(ResolveTag)];
        _types.MemoryTypes = [.. _module.Memories.Select(CheckMemory)];
        _types.TableTypes = [.. _module.Tables.Select(ResolveTable)];
        _types.GlobalTypes = [.. _module.Globals.Select(ResolveGlobal)];

        // The functions that are named outside of bodies are those that ref.func may name in them. Expressions declare theirs as
        // they are checked.
        _code = new CodeValidator(_module, _types, _budget, _declared);
        foreach (var export in _module.Exports)
        {
            // One that is out of bounds is told of later.
            if (export.Kind == ExternKind.Func && export.Index < _declared.Length)
                _declared[export.Index] = true;
        }

        for (var i = 0; i < _module.Tables.Count; i++)
            CheckInitializer(_module.Tables[i], _types.TableTypes[i].Element);
        for (var i = _module.ImportedGlobalCount; i < _module.Globals.Count; i++)
        {
            // Each initial value sees the globals before it.
            _code.ValidateConstant(_module.Globals[i].Initializer!.Value, _types.GlobalTypes[i].Type, i);
        }
    }

    /// <summary>Section 3.2.13 "Tag Types".</summary>
    private DefinedType ResolveTag(TagDefinition tag)
    {
        var type = ResolveFuncType(tag.TypeIndex, tag.Offset);
        if (type.Func!.ResultArray.Length > 0)
            throw new InvalidModuleException("non-empty tag result type", tag.Offset);
        return type;
    }

    /// <summary>Section 3.2.15 "Memory Types".</summary>
    private static MemoryType CheckMemory(MemoryDefinition memory)
    {
        var type = memory.Type;
        var limit = type.Is64 ? ImplementationLimits.Memory64Pages : ImplementationLimits.Memory32Pages;
        if (type.Limits.Min > limit || type.Limits.Max > limit)
        {
            var pages = type.Is64 ? "2^48 pages" : "65536 pages (4 GiB)";
            throw new InvalidModuleException($"memory size must be at most {pages}", memory.Offset);
        }

        CheckLimits(type.Limits, memory.Offset);
        if (type.IsShared && type.Limits.Max is null)
            throw new InvalidModuleException("shared memory must have maximum", memory.Offset);
        return type;
    }

    /// <summary>Section 3.2.16 "Table Types".</summary>
    private TableType ResolveTable(TableDefinition table)
    {
        var type = table.Type;
        if (!type.Is64 && (type.Limits.Min > uint.MaxValue || type.Limits.Max > uint.MaxValue))
            throw new InvalidModuleException("table size must be at most 2^32-1", table.Offset);
        CheckLimits(type.Limits, table.Offset);
        var element = ResolveValType(type.Element, table.Offset);
        return element == type.Element ? type : type with { Element = element };
    }

    private GlobalType ResolveGlobal(GlobalDefinition global)
    {
        var type = ResolveValType(global.Type.Type, global.Offset);
        return type == global.Type.Type ? global.Type : global.Type with { Type = type };
    }

    /// <summary>Section 3.2.12 "Limits".</summary>
    private static void CheckLimits(Limits limits, int offset)
    {
        if (limits.Max < limits.Min)
            throw new InvalidModuleException("size minimum must not be greater than maximum", offset);
    }

    /// <summary>Section 3.5.5 "Tables": the elements start as the value of an expression, or as null. It sees the imported globals.</summary>
    private void CheckInitializer(TableDefinition table, ValType element)
    {
        if (table.IsImported)
            return;
        if (table.Initializer is { } initializer)
            _code.ValidateConstant(initializer, element, _module.ImportedGlobalCount);
        else if (!element.IsNullable)
            throw new InvalidModuleException($"type mismatch: elements of type {table.Type.Element} need an initial value", table.Offset);
    }
}
