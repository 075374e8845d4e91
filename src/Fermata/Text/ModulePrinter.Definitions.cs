using Fermata.Binary;

namespace Fermata.Text;

/// <summary>Imports, definitions and segments.</summary>
internal sealed partial class ModulePrinter
{
    /// <summary>How many bytes stand on a line.</summary>
    private const int BytesPerLine = 64;

    private void PrintImport(Import import)
    {
        Begin("import").Append(' ');
        QuotedText.AppendName(_text, import.Module);
        _text.Append(' ');
        QuotedText.AppendName(_text, import.Name);
        _text.Append(" (").Append(Keyword(import.Kind));
        _names[IndexMap.SpaceOf(import.Kind)].AppendDefinition(_text, import.Index);
        switch (import.Kind)
        {
            case ExternKind.Func:
                _types.AppendTypeUse(_module.Functions[import.Index].TypeIndex, _names.Locals(import.Index));
                break;
            case ExternKind.Table:
                _types.Append(_module.Tables[import.Index].Type);
                break;
            case ExternKind.Memory:
                _types.Append(_module.Memories[import.Index].Type);
                break;
            case ExternKind.Global:
                _types.Append(_module.Globals[import.Index].Type);
                break;
            case ExternKind.Tag:
                _types.AppendTypeUse(_module.Tags[import.Index].TypeIndex, Identifiers.None);
                break;
        }

        _text.Append("))");
    }

    /// <summary>Prints what is no import and has no code but constant expressions.</summary>
    private void PrintDefinitions()
    {
        for (var i = 0; i < _module.Tables.Count; i++)
            PrintTable(_module.Tables[i], i);
        for (var i = 0; i < _module.Memories.Count; i++)
            PrintMemory(_module.Memories[i], i);
        for (var i = 0; i < _module.Tags.Count; i++)
            PrintTag(_module.Tags[i], i);
        for (var i = 0; i < _module.Globals.Count; i++)
            PrintGlobal(_module.Globals[i], i);
    }

    private void PrintTable(TableDefinition table, int index)
    {
        if (table.IsImported)
            return;
        Begin("table", NameSubsection.Table, index);
        _types.Append(table.Type);
        if (table.Initializer is { } initializer)
            _folded.PrintExpression(initializer, null);
        _text.Append(')');
    }

    private void PrintMemory(MemoryDefinition memory, int index)
    {
        if (memory.IsImported)
            return;
        Begin("memory", NameSubsection.Memory, index);
        _types.Append(memory.Type);
        _text.Append(')');
    }

    private void PrintTag(TagDefinition tag, int index)
    {
        if (tag.IsImported)
            return;
        Begin("tag", NameSubsection.Tag, index);
        _types.AppendTypeUse(tag.TypeIndex, Identifiers.None);
        _text.Append(')');
    }

    private void PrintGlobal(GlobalDefinition global, int index)
    {
        if (global.Initializer is not { } initializer)
            return;
        Begin("global", NameSubsection.Global, index);
        _types.Append(global.Type);
        _folded.PrintExpression(initializer, null);
        _text.Append(')');
    }

    private void PrintElements(ElementSegment segment, int index)
    {
        Begin("elem", NameSubsection.Element, index);
        if (segment.Mode == SegmentMode.Declarative)
            _text.Append(" declare");
        PrintPlace(segment.Mode, "table", NameSubsection.Table, segment.TableIndex, segment.Start);
        _text.Append(' ');
        if (segment.Expressions is null)
            _text.Append("func");
        else
            _types.Append(segment.Type);
        foreach (var function in segment.Functions ?? [])
        {
            _text.FlushIfLong();
            _text.Append(' ').Append(_names[NameSubsection.Function].Reference(function));
        }

        foreach (var expression in segment.Expressions ?? [])
            _folded.PrintExpression(expression, "item");
        _text.Append(')');
    }

    private void PrintData(DataSegment segment, int index)
    {
        Begin("data", NameSubsection.Data, index);
        PrintPlace(segment.Mode, "memory", NameSubsection.Memory, segment.MemoryIndex, segment.Start);
        PrintBytes(segment.Data);
        _text.Append(')');
    }

    /// <summary>Prints bytes as strings; more than fit on a line each have a line.</summary>
    private void PrintBytes(ByteRange range)
    {
        var bytes = _module.Bytes.Span.Slice(range.Offset, range.Length);
        var isLong = bytes.Length > BytesPerLine;
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(BytesPerLine, bytes.Length)..])
        {
            if (isLong)
                _text.NewLine(2);
            else
                _text.Append(' ');
            QuotedText.AppendBytes(_text, bytes[..Math.Min(BytesPerLine, bytes.Length)]);
        }
    }

    /// <summary>The table or memory of an active segment, unless it is the first one, and the offset in it.</summary>
    private void PrintPlace(SegmentMode mode, string keyword, NameSubsection space, int target, ByteRange? start)
    {
        if (mode == SegmentMode.Active && target != 0)
            _text.Append(" (").Append(keyword).Append(' ').Append(_names[space].Reference(target)).Append(')');
        if (start is { } expression)
            _folded.PrintExpression(expression, "offset");
    }

    private void PrintFunction(FunctionDefinition function, int index)
    {
        var body = function.Body!;
        var type = StackEffect.FuncType(_module, function.TypeIndex);
        _names.Enter(index);
        var locals = _names[NameSubsection.Local];
        Begin("func", NameSubsection.Function, index);
        _types.AppendTypeUse(function.TypeIndex, locals);
        PrintLocals(body.Locals, locals, type.ParameterArray.Length);
        if (_style == TextStyle.Flat)
            _flat.Print(body.Code, 2);
        else
            _folded.Print(body.Code, type.ResultArray.Length, 2);
        _names.Leave();
        _text.Append(')');
    }

    private void PrintLocals(LocalGroup[] groups, Identifiers names, int first)
    {
        if (groups.Length == 0)
            return;

        // Every form brings the space before it, so the line is indented by one less.
        _text.Append("\n   ");
        _types.AppendVariables("local", groups.SelectMany(group => Enumerable.Repeat(group.Type, (int)group.Count)), names, first);
    }
}
