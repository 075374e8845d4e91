namespace Fermata.Binary;

/// <summary>Writes modules in the binary format, canonically: every number, type and section in its shortest encoding.</summary>
/// <remarks>
/// Section 5.5 "Modules". A module is written from its parts, whose indices are mapped; a single module is one part whose indices
/// stay. What this writes it would write again from the result. Time and memory are linear in the length of the parts.
/// </remarks>
internal sealed partial class ModuleWriter
{
    private readonly ModuleOutput _output;
    private readonly ModuleEncoder _module = new();
    private readonly NameSectionWriter _names = new();

    /// <summary>An offset expression or a body in the making.</summary>
    private readonly ByteWriter _scratch = new();

    private ModuleWriter(ModuleOutput output) => _output = output;

    /// <summary>Writes a module as it is.</summary>
    public static byte[] Write(ModuleDefinition module) => Write(ModuleOutput.Of(module));

    /// <summary>Writes a module made of parts.</summary>
    public static byte[] Write(ModuleOutput output) => new ModuleWriter(output).Write();

    private byte[] Write()
    {
        foreach (var (part, group) in _output.Types)
            new TypeWriter(_module.Types.Begin(), part.Indices).Write(group);
        foreach (var (part, import) in _output.Imports)
            WriteImport(part, import);
        foreach (var (part, global) in _output.Globals)
            WriteGlobal(global, part);
        foreach (var part in _output.Parts)
            WritePart(part);
        foreach (var export in _output.Exports)
            WriteExport(export);
        if (_output.Start is { } start)
            _module.Start = ((uint)start, null);
        _module.NeedsDataCount = _output.Parts.Any(part => part.Definition.DataCount is not null);
        foreach (var (part, section) in _output.CustomSections)
            WriteCustomSection(part, section);
        if (_output.WritesNames)
            WriteNames();
        _names.AddTo(_module.CustomSections);
        return _module.Encode().Bytes.ToArray();
    }

    private void WritePart(ModulePart part)
    {
        var (module, indices) = part;
        foreach (var function in module.Functions)
            WriteFunction(function, part);
        foreach (var table in module.Tables.Where(table => !table.IsImported))
            WriteTable(table, part);
        foreach (var memory in module.Memories.Where(memory => !memory.IsImported))
            new TypeWriter(_module.Memories.Begin(), indices).Write(memory.Type);
        foreach (var tag in module.Tags.Where(tag => !tag.IsImported))
            new TypeWriter(_module.Tags.Begin(), indices).WriteTag(tag.TypeIndex);
        foreach (var segment in module.Elements)
            WriteElements(segment, part);
        foreach (var segment in module.Data)
            WriteData(segment, part);
    }

    /// <summary>Section 5.5.5 "Import Section".</summary>
    private void WriteImport(ModulePart part, Import import)
    {
        var module = part.Definition;
        var to = _module.Imports.Begin();
        var types = new TypeWriter(to, part.Indices);
        to.WriteName(import.Module);
        to.WriteName(import.Name);
        to.WriteByte((byte)import.Kind);
        switch (import.Kind)
        {
            case ExternKind.Func:
                types.WriteTypeIndex(module.Functions[import.Index].TypeIndex);
                break;
            case ExternKind.Table:
                types.Write(module.Tables[import.Index].Type);
                break;
            case ExternKind.Memory:
                types.Write(module.Memories[import.Index].Type);
                break;
            case ExternKind.Global:
                types.Write(module.Globals[import.Index].Type);
                break;
            case ExternKind.Tag:
                types.WriteTag(module.Tags[import.Index].TypeIndex);
                break;
        }
    }

    /// <summary>Section 5.5.10 "Export Section".</summary>
    private void WriteExport(Export export)
    {
        var to = _module.Exports.Begin();
        to.WriteName(export.Name);
        to.WriteByte((byte)export.Kind);
        to.WriteUnsigned((ulong)export.Index);
    }

    /// <summary>Sections 5.5.6 "Function Section" and 5.5.13 "Code Section".</summary>
    private void WriteFunction(FunctionDefinition function, ModulePart part)
    {
        if (function.Body is not { } body)
            return;
        new TypeWriter(_module.Functions.Begin(), part.Indices).WriteTypeIndex(function.TypeIndex);
        _scratch.Clear();
        var locals = new LocalsWriter();
        foreach (var (count, type) in body.Locals)
            locals.Add(count, part.Indices.Map(type));
        locals.AppendTo(_scratch);
        WriteExpression(_scratch, body.Code, part);
        _module.Code.Begin().AppendSized(_scratch);
    }

    /// <summary>Section 5.5.7 "Table Section": 0x40 0x00 announces an initial value for the elements.</summary>
    private void WriteTable(TableDefinition table, ModulePart part)
    {
        var to = _module.Tables.Begin();
        if (table.Initializer is not null)
            to.Write([0x40, 0]);
        new TypeWriter(to, part.Indices).Write(table.Type);
        if (table.Initializer is { } initializer)
            WriteExpression(to, initializer, part);
    }

    /// <summary>Section 5.5.9 "Global Section".</summary>
    private void WriteGlobal(GlobalDefinition global, ModulePart part)
    {
        var to = _module.Globals.Begin();
        new TypeWriter(to, part.Indices).Write(global.Type);
        WriteExpression(to, global.Initializer!.Value, part);
    }

    /// <summary>Section 5.5.12 "Element Section".</summary>
    private void WriteElements(ElementSegment segment, ModulePart part)
    {
        var indices = part.Indices;
        var to = _module.Elements.Begin();
        var table = segment.Mode == SegmentMode.Active ? indices.Map(NameSubsection.Table, segment.TableIndex) : 0;
        ValType? type = segment.Expressions is null ? null : indices.Map(segment.Type);
        SegmentHeader.WriteElements(to, segment.Mode, (uint)table, ScratchExpression(segment.Start, part), type);
        to.WriteUnsigned((ulong)segment.Count);
        foreach (var function in segment.Functions ?? [])
            to.WriteUnsigned((ulong)indices.Map(NameSubsection.Function, function));
        foreach (var expression in segment.Expressions ?? [])
            WriteExpression(to, expression, part);
    }

    /// <summary>Section 5.5.14 "Data Section".</summary>
    private void WriteData(DataSegment segment, ModulePart part)
    {
        var to = _module.Data.Begin();
        var memory = segment.Mode == SegmentMode.Active ? part.Indices.Map(NameSubsection.Memory, segment.MemoryIndex) : 0;
        SegmentHeader.WriteData(to, (uint)memory, ScratchExpression(segment.Start, part));
        to.WriteSized(Bytes(part, segment.Data));
    }

    private void WriteCustomSection(ModulePart part, CustomSectionDefinition section)
    {
        var content = new ByteWriter();
        content.Write(Bytes(part, section.Content));
        _module.CustomSections.Add(CustomPlace.After((SectionId)section.AfterSection), section.Name, content);
    }

    private ByteWriter? ScratchExpression(ByteRange? expression, ModulePart part)
    {
        if (expression is not { } range)
            return null;
        _scratch.Clear();
        WriteExpression(_scratch, range, part);
        return _scratch;
    }

    private static void WriteExpression(ByteWriter to, ByteRange expression, ModulePart part) =>
        new InstructionWriter(to, part.Indices).WriteAll(part.Definition.Bytes.Span, expression);

    private static ReadOnlySpan<byte> Bytes(ModulePart part, ByteRange range) =>
        part.Definition.Bytes.Span.Slice(range.Offset, range.Length);
}
