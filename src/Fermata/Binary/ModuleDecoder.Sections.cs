using Fermata.Structure;

namespace Fermata.Binary;

internal ref partial struct ModuleDecoder
{
    /// <summary>Section 5.5.4 "Type Section".</summary>
    private void ReadTypeSection()
    {
        var count = _bytes.ReadCount(1);
        for (var i = 0; i < count; i++)
        {
            _budget.Spend();
            var start = _bytes.Position;
            var group = new RecType(_module.Types.Count, TypeReader.ReadRecType(ref _bytes), start);
            _budget.Spend(group.Members.Length);
            _module.RecTypes.Add(group);
            _module.Types.AddRange(group.Members);
        }
    }

    /// <summary>Section 5.5.5 "Import Section".</summary>
    private void ReadImportSection()
    {
        var count = _bytes.ReadCount(1);
        for (var i = 0; i < count; i++)
        {
            _budget.Spend();
            var start = _bytes.Position;
            var module = _bytes.ReadName();
            var name = _bytes.ReadName();
            var kindOffset = _bytes.Position;
            var kind = (ExternKind)_bytes.ReadByte();
            var index = kind switch
            {
                ExternKind.Func => Add(_module.Functions, new FunctionDefinition(_bytes.ReadIndex(), null, start)),
                ExternKind.Table => Add(_module.Tables, new TableDefinition(TypeReader.ReadTableType(ref _bytes), null, true, start)),
                ExternKind.Memory => Add(_module.Memories, new MemoryDefinition(TypeReader.ReadMemoryType(ref _bytes), true, start)),
                ExternKind.Global => Add(_module.Globals, new GlobalDefinition(TypeReader.ReadGlobalType(ref _bytes), null, true, start)),
                ExternKind.Tag => Add(_module.Tags, new TagDefinition(TypeReader.ReadTagType(ref _bytes), true, start)),
                _ => throw new MalformedModuleException("malformed import kind", kindOffset),
            };
            _module.Imports.Add(new Import(module, name, kind, index, start));
        }

        _module.ImportedFunctionCount = _module.Functions.Count;
        _module.ImportedGlobalCount = _module.Globals.Count;
    }

    private static int Add<T>(List<T> space, T item)
    {
        space.Add(item);
        return space.Count - 1;
    }

    /// <summary>Section 5.5.6 "Function Section": only the types; the bodies stand in the code section.</summary>
    private void ReadFunctionSection()
    {
        var count = _bytes.ReadCount(1);
        for (var i = 0; i < count; i++)
        {
            _budget.Spend();
            _declaredFunctions.Add(_bytes.ReadIndex());
        }
    }

    /// <summary>Section 5.5.7 "Table Section": 0x40 0x00 announces an initial value for the elements.</summary>
    private void ReadTableSection()
    {
        var count = _bytes.ReadCount(1);
        for (var i = 0; i < count; i++)
        {
            _budget.Spend();
            var start = _bytes.Position;
            var hasInitializer = _bytes.PeekByte() == 0x40;
            if (hasInitializer)
            {
                _bytes.ReadByte();
                if (_bytes.ReadByte() != 0)
                    throw new MalformedModuleException("zero byte expected", start + 1);
            }

            var type = TypeReader.ReadTableType(ref _bytes);
            _module.Tables.Add(new TableDefinition(type, hasInitializer ? ReadExpression() : null, false, start));
        }
    }

    /// <summary>Section 5.5.8 "Memory Section".</summary>
    private void ReadMemorySection()
    {
        var count = _bytes.ReadCount(1);
        for (var i = 0; i < count; i++)
        {
            _budget.Spend();
            var start = _bytes.Position;
            _module.Memories.Add(new MemoryDefinition(TypeReader.ReadMemoryType(ref _bytes), false, start));
        }
    }

    /// <summary>Section 5.5.9 "Global Section".</summary>
    private void ReadGlobalSection()
    {
        var count = _bytes.ReadCount(1);
        for (var i = 0; i < count; i++)
        {
            _budget.Spend();
            var start = _bytes.Position;
            var type = TypeReader.ReadGlobalType(ref _bytes);
            _module.Globals.Add(new GlobalDefinition(type, ReadExpression(), false, start));
        }
    }

    /// <summary>Section 5.5.10 "Export Section".</summary>
    private void ReadExportSection()
    {
        var count = _bytes.ReadCount(1);
        for (var i = 0; i < count; i++)
        {
            _budget.Spend();
            var start = _bytes.Position;
            var name = _bytes.ReadName();
            var kindOffset = _bytes.Position;
            var kind = (ExternKind)_bytes.ReadByte();
            if (kind > ExternKind.Tag)
                throw new MalformedModuleException("malformed export kind", kindOffset);
            _module.Exports.Add(new Export(name, kind, _bytes.ReadIndex(), start));
        }
    }

    /// <summary>Section 5.5.16 "Tag Section".</summary>
    private void ReadTagSection()
    {
        var count = _bytes.ReadCount(1);
        for (var i = 0; i < count; i++)
        {
            _budget.Spend();
            var start = _bytes.Position;
            _module.Tags.Add(new TagDefinition(TypeReader.ReadTagType(ref _bytes), false, start));
        }
    }
}
